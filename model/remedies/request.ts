import { bucketOf, noContext, questionIn, type SentRequest as Sent } from '../analysis/questions.ts';
import type { Question } from '../policies/decision.ts';
import type { PolicyDocument, World } from '../world/world.ts';

export { noContext };

/** A request that somebody may send, intended or not. */
export interface TrialRequest extends Sent {
  readonly plainHttp: boolean;
}

/** Where the request reaches a resource that the world does not have, its owner lets in everybody. */
export function questionOf(
  world: World,
  request: TrialRequest,
): { readonly world: World; readonly question: Question } {
  const secure = request.plainHttp ? { ...world, network: { ...world.network, secureTransport: false } } : world;
  const named =
    request.action === 'sts:AssumeRole' ? { ...request, sessionName: request.sessionName ?? 'somebody' } : request;
  const question = questionIn(secure, named);
  return {
    world: secure,
    question: isKnown(world, request.resource) ? question : { ...question, resourcePolicy: open },
  };
}

function isKnown(world: World, resource: string): boolean {
  return world.roles.has(resource) || world.keys.has(resource) || bucketOf(world, resource) !== undefined;
}

const open: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: '*', Resource: '*' }],
};
