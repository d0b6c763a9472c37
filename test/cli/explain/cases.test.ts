import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderExplanations } from '../../../cli/views/terminal/explanation.ts';
import { pageFor } from '../../../cli/views/terminal/page.ts';
import { type Diagnosis, reportSchema } from '../../../core/report.ts';
import { explained } from './explained.ts';

/** Texts as people paste them, each with the page that shows its format. */
interface Case {
  readonly id: string;
  readonly source: string;
  readonly text: string;
  readonly expect: {
    readonly denials: number;
    /** The action of the first denial; null if it must be absent. */
    readonly action?: string;
    readonly layer?: string | null;
    readonly effect?: string;
    readonly resource?: string;
    readonly principal?: string;
    readonly side?: string | null;
    readonly confidence?: Diagnosis['confidence'];
    /** True if there must be a statement to paste. */
    readonly statement?: boolean;
    /** Words that the output must contain, and words that it must not. */
    readonly says?: readonly string[];
    readonly never?: readonly string[];
  };
}

const cases = readFileSync(join(import.meta.dirname, '../../fixtures/explain/cases.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

const told = ['action', 'layer', 'effect', 'resource', 'principal', 'side'] as const;

describe.each(cases.map((one) => [one.id, one] as const))('%s', (_, { text, expect: expected }) => {
  const explanations = explained(text);
  const denials = explanations.kind === 'denials' ? explanations.denials : [];
  const first = explanations.kind === 'denials' ? explanations.denials[0].diagnosis : explanations.diagnosis;
  const printed = renderExplanations(explanations, pageFor(100, false)).replace(/\s+/g, ' ');

  test('is explained as expected', () => {
    expect(denials.map(({ diagnosis }) => diagnosis.summary)).toHaveLength(expected.denials);
    const wanted = told.flatMap((name) => (name in expected ? [[name, expected[name] ?? undefined] as const] : []));
    expect(wanted.map(([name]) => [name, first.denial[name]])).toEqual(wanted.map(([name, value]) => [name, value]));
    if (expected.confidence) expect(first.confidence).toBe(expected.confidence);
    if (expected.statement !== undefined) expect(first.remedy?.statement !== undefined).toBe(expected.statement);
    for (const words of expected.says ?? []) expect(printed).toContain(words);
    for (const words of expected.never ?? []) expect(printed).not.toContain(words);
  });

  test('is an entry of a report, and proves only what AWS names', () => {
    for (const { diagnosis } of denials) {
      expect(reportSchema.shape.diagnoses.safeParse([diagnosis]).error).toBeUndefined();
      if (diagnosis.confidence === 'proven') expect(diagnosis.denial.layer).toBeDefined();
    }
  });
});

test('the cases are many and have their sources', () => {
  expect(cases.length).toBeGreaterThan(100);
  for (const { source } of cases) expect(source).toMatch(/^https?:\/\//);
});
