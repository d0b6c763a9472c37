import type { Case, Document, Statement } from './case.ts';
import { certain } from './generate.ts';

/** The smallest case that still has a property. Everything that isn't needed for it is left out. */
export async function shrunk(one: Case, has: (smaller: Case) => Promise<boolean>): Promise<Case> {
  let smallest = one;
  for (let changed = true; changed; ) {
    changed = false;
    for (const smaller of smallerThan(smallest)) {
      if (!(await has(smaller))) continue;
      smallest = smaller;
      changed = true;
      break;
    }
  }
  return smallest;
}

function* smallerThan(one: Case): Generator<Case> {
  const { request, policies } = one;
  for (const field of Object.keys(policies)) {
    if (field === 'identity' || (field === 'resource' && !request.action.startsWith('s3:'))) continue;
    const { [field as 'resource']: _, ...rest } = policies;
    yield { ...one, policies: rest };
  }
  for (const [field, value] of Object.entries(policies)) {
    for (const smaller of Array.isArray(value) ? smallerLists(value) : smallerDocuments(value as Document))
      yield { ...one, policies: { ...policies, [field]: smaller } };
  }
  for (const key of Object.keys(request.context)) {
    if (certain.has(key)) continue;
    const { [key]: _, ...context } = request.context;
    yield { ...one, request: { ...request, context } };
  }
}

function* smallerLists(documents: readonly Document[]): Generator<readonly Document[]> {
  if (documents.length > 1) for (const [index] of documents.entries()) yield documents.filter((_, at) => at !== index);
  for (const [index, document] of documents.entries())
    for (const smaller of smallerDocuments(document))
      yield documents.map((other, at) => (at === index ? smaller : other));
}

function* smallerDocuments(document: Document): Generator<Document> {
  const { Statement: statements } = document;
  if (statements.length > 1)
    for (const [index] of statements.entries())
      yield { ...document, Statement: statements.filter((_, at) => at !== index) };
  for (const [index, statement] of statements.entries())
    for (const smaller of smallerStatements(statement))
      yield { ...document, Statement: statements.map((other, at) => (at === index ? smaller : other)) };
}

/** Variants without a condition or one of its keys, with fewer values, or that apply to everything. */
function* smallerStatements(statement: Statement): Generator<Statement> {
  const { Condition, ...rest } = statement;
  if (Condition !== undefined) yield rest;
  const blocks = Object.entries((Condition ?? {}) as Record<string, Record<string, string | readonly string[]>>);
  for (const [operator, keys] of blocks)
    for (const key of Object.keys(keys)) {
      const { [key]: values, ...others } = keys;
      const left = blocks.filter(([name]) => name !== operator);
      if (blocks.length > 1 || Object.keys(others).length > 0)
        yield {
          ...rest,
          Condition: Object.fromEntries([...left, ...(Object.keys(others).length > 0 ? [[operator, others]] : [])]),
        };
      if (Array.isArray(values))
        for (const value of values)
          yield { ...rest, Condition: { ...(Condition as object), [operator]: { ...keys, [key]: value } } };
    }
  for (const element of ['Action', 'NotAction', 'Resource', 'NotResource']) {
    const value = statement[element];
    if (Array.isArray(value)) for (const single of value) yield { ...statement, [element]: single };
    else if (value !== undefined && value !== '*' && !element.startsWith('Not')) yield { ...statement, [element]: '*' };
  }
}
