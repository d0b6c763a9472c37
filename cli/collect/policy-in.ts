import type { PolicyDocument } from '../../model/world/world.ts';

/** AWS answered, and what it answered cannot be used: the part is unknown, and the rest is read all the same. */
export class UnusableAnswer extends Error {}

/**
 * @param text as AWS stores it; without any, a policy that says nothing
 * @throws UnusableAnswer where it is no policy document
 */
export function policyIn(text: string | undefined): PolicyDocument {
  if (text === undefined) return { Statement: [] };
  const document = parsed(text);
  if (typeof document === 'object' && document !== null && 'Statement' in document) return document as PolicyDocument;
  throw new UnusableAnswer('the document that AWS returned is JSON, but no policy: it has no Statement');
}

/** IAM URL-encodes documents: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export function encodedPolicyIn(text: string | undefined): PolicyDocument {
  return policyIn(text === undefined ? undefined : decoded(text));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UnusableAnswer('the document that AWS returned is not URL-encoded as IAM encodes documents');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnusableAnswer(
      `the document that AWS returned is not JSON: ${error instanceof Error ? error.message : ''}`,
    );
  }
}
