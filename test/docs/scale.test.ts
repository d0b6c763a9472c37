import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { costOf, loadOf } from '../../docs/scale/model.ts';
import { sentences, written } from '../../docs/scale/page.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/scale.md'), 'utf8');

test('the page shows what the model computes: otherwise run `npm run docs:scale`', () => {
  expect(page).toBe(written(page));
});

test.each(sentences())('the page says: %s', (sentence) => {
  expect(page.replace(/\s+/g, ' ')).toContain(sentence);
});

test('twice the customers cost twice as much and take twice as long; twice the concurrency, half as long', () => {
  expect(costOf(2_000, 'express')).toBeCloseTo(2 * costOf(1_000, 'express'));
  const [once, more, faster] = [
    { customers: 1_000, maxConcurrency: 5 },
    { customers: 2_000, maxConcurrency: 5 },
    { customers: 1_000, maxConcurrency: 10 },
  ].map((fleet) => loadOf(fleet as Parameters<typeof loadOf>[0]).runSeconds);
  expect([more, faster]).toEqual([2 * Number(once), Number(once) / 2]);
});
