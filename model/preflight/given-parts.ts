import { encryptionOfExisting } from '../world/open-stack.ts';
import type { UnknownPart } from '../world/scenario.ts';
import type { ScenarioFile } from '../world/scenario-schema.ts';
import type { DocumentSet, GivenPolicy } from './document-set.ts';
import { mergedSettings } from './settings.ts';
import { places } from './slots.ts';

/** The documents and settings where a scenario has them. */
export function withParts(
  file: ScenarioFile,
  policies: readonly GivenPolicy[],
  settings: DocumentSet['settings'],
): ScenarioFile {
  const filled = structuredClone(file) as Record<string, unknown>;
  for (const [place, { part, several }] of Object.entries(places)) {
    const documents = policies.filter(({ slot }) => slot === place).map(({ policy }) => policy.document);
    if (documents.length > 0) put(filled, part.split('.'), several ? documents : documents[0]);
  }
  const ofAccounts = settings.filter(({ part, problem }) => part.includes('.') && problem === undefined);
  for (const [part, value] of mergedSettings(ofAccounts)) put(filled, part.split('.'), value);
  return filled as ScenarioFile;
}

/** Only a template, or an answer of AWS, says whether the bucket has a Bucket Key. */
export function unsaidIn({ settings, template, policies }: DocumentSet): readonly UnknownPart[] {
  const isSaid = template !== undefined || settings.some(({ part }) => part === encryptionOfExisting.part);
  return isSaid || policies.every(({ slot }) => slot !== 'keyPolicy') ? [] : [encryptionOfExisting];
}

function put(target: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  const inner = { ...(target[name] as object | undefined) };
  target[name] = rest.length === 0 ? value : inner;
  if (rest.length > 0) put(inner, rest, value);
}
