import { type ContextKey, contextKeys } from '../../model/policies/context-keys.ts';
import { type RequestFact, requestFacts } from '../../model/policies/request-facts.ts';

/** docs/internals/condition-keys.md: the condition keys of a delivery, generated from the table that decides. */
export function conditionKeysPage(): string {
  return `${[introduction(), facts(), ...kinds.map(ofKind), neverThere()].join('\n\n')}\n`;
}

const kinds = [
  ['s3', 'Requests to S3'],
  ['kms-via-s3', 'Requests that S3 makes to KMS for the delivery'],
  ['kms', 'Requests to KMS'],
  ['sts', 'AssumeRole'],
] as const;

function introduction(): string {
  return `# The condition keys of a delivery

<!-- Written by \`npm run docs:condition-keys\` from model/policies/context-keys.ts. -->

Policies can use the keys on this page. It is known whether a request has them; a key that is not on this page is unknown. If a key's
value depends on something that neither the documents nor the test event say, [preflight](../preflight.md) asks for it.`;
}

function facts(): string {
  const rows = Object.values(requestFacts).map(({ title, option }) => `| ${title} | ${code(option ?? 'none')} |`);
  return ['## Facts that may be unknown', '', '| fact | option of `preflight` |', '|---|---|', ...rows].join('\n');
}

function ofKind([kind, title]: (typeof kinds)[number]): string {
  const rows = contextKeys.filter(({ on }) => on.includes(kind)).map(rowOf);
  return [`## ${title}`, '', '| key | value depends on | source |', '|---|---|---|', ...rows].join('\n');
}

function rowOf({ key, fact, source, isAlwaysThere }: ContextKey): string {
  const depends = fact === undefined ? 'the request' : `${titleOf(fact)}${isAlwaysThere ? '; always there' : ''}`;
  return `| \`${key}${/[/:]$/.test(key) ? '…' : ''}\` | ${depends} | ${source} |`;
}

function titleOf(fact: RequestFact): string {
  return requestFacts[fact].title;
}

function neverThere(): string {
  const never = contextKeys.filter(({ on }) => on.length === 0).map(({ key }) => `\`${key}\``);
  return `## Never there\n\nOf other callers and other requests: ${never.join(', ')}.`;
}

function code(text: string): string {
  return text.startsWith('--') ? `\`${text.replaceAll('|', '\\|')}\`` : text;
}
