import { namesOf } from '../../core/vocabulary.ts';
import type { AnswerDifference, Aspect } from './compare.ts';
import { aspects } from './compare.ts';

/** What came of one world. */
export interface WorldResult {
  readonly file: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly differences: readonly AnswerDifference[];
  /** How often it was checked until its answer counted. */
  readonly checks: number;
  /** False where AWS's answer still changed at the deadline. */
  readonly isStable: boolean;
  /** What the report on AWS calls proven and is no fault of the world. */
  readonly wronglyProven: number;
  /** Why AWS did not take the world. */
  readonly refusal?: { readonly operation: string; readonly code: string; readonly message: string };
}

const outcomes = {
  same: 'AWS and the sandbox say the same',
  different: 'something differs',
  'not-put': 'AWS refused one of the documents, so that there is no answer',
} as const;
type Outcome = keyof typeof outcomes;

/** How many of the worlds that were put are the same, in all and by their folder. */
interface Tally extends Readonly<Record<Aspect, number>> {
  readonly folder: string;
  readonly worlds: number;
  readonly notPut: number;
}

export function talliesOf(results: readonly WorldResult[]): readonly Tally[] {
  const folders = [...new Set(results.map(({ file }) => folderOf(file)))].sort();
  return [
    ...folders.map((folder) =>
      tallyOf(
        folder,
        results.filter(({ file }) => folderOf(file) === folder),
      ),
    ),
    tallyOf('all', results),
  ];
}

function tallyOf(folder: string, results: readonly WorldResult[]): Tally {
  const put = results.filter(({ outcome }) => outcome !== 'not-put');
  const same = (aspect: Aspect) =>
    put.filter(({ differences }) => differences.every((one) => one.aspect !== aspect)).length;
  const counts = Object.fromEntries(namesOf(aspects).map((aspect) => [aspect, same(aspect)])) as Record<Aspect, number>;
  return { folder, worlds: results.length, notPut: results.length - put.length, ...counts };
}

function folderOf(file: string): string {
  return file.split('/').slice(0, -1).at(-1) ?? file;
}
