export type { Behind, Decision, Layer, Layers, Refusal } from './combine.ts';
export { decide, decideLayers, type Settings } from './decide.ts';
export type { NamedPolicy, PolicyDocument } from './document.ts';
export type { ClosestStatement, Mismatch } from './explain.ts';
export { clauseOn } from './explain.ts';
export {
  firstOf,
  type GrammarSettings,
  type PolicyKind,
  type PolicyProblem,
  policyProblems,
  refusalOf,
  whoSaves,
} from './grammar.ts';
export type { Grant } from './grants.ts';
export type { LayerResult } from './layer.ts';
export type { StatementReference } from './match.ts';
export type { Policies } from './policies.ts';
export { isPublic } from './public.ts';
export type { Context, Request } from './request.ts';
export type { Truth } from './truth.ts';
