import type { GivenDocument, PageSettings } from './contract.ts';

/** The documents that the page starts with. */
export function documentsIn({
  everything,
  event,
  serviceDocuments = [],
  documents = [],
}: PageSettings): readonly GivenDocument[] {
  if (!everything) return documents;
  const text = event === undefined ? undefined : `${JSON.stringify(event, null, 2)}\n`;
  const given = text === undefined ? [] : [{ name: 'event.json', text, as: 'event' }];
  return [...given, ...serviceDocuments, ...documents];
}

/** The answers that the page starts with, by field, as people type them. */
export function answersIn({ told, deployment }: PageSettings): Map<string, string> {
  const values = {
    ...told,
    ...prefixed('parameter', deployment?.parameters),
    ...prefixed('import', deployment?.imports),
  };
  return new Map(
    Object.entries(values).map(([field, value]) => [field, value === true ? 'yes' : value === false ? 'no' : value]),
  );
}

function prefixed(prefix: string, values: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}:${name}`, value]));
}
