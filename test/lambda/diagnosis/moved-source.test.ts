import { checkIn } from './checked-world.ts';

/** Something removes the test object between the two steps, so no one denied the delivery. */

test.each([
  ['S3 names s3:ListBucket', 'internal/objects-are-moved-away.yaml', 'AccessDenied'],
  ['S3 answers NoSuchKey', 'internal/objects-are-moved-away-and-the-role-may-list.yaml', 'NoSuchKey'],
])('if %s: inconclusive, and nothing to allow', async (_, scenario, code) => {
  const { report } = await checkIn(scenario);
  expect(report).toMatchObject({ verdict: 'inconclusive', deniedStep: 'copy-to-inbox' });
  const copy = report.steps.find(({ step }) => step === 'copy-to-inbox');
  expect(copy).toMatchObject({ status: 'failed', error: { code } });
  expect(report.diagnoses).toHaveLength(1);
  expect(report.diagnoses[0]).toMatchObject({ denial: {}, confidence: 'unknown', remedy: { side: 'service' } });
  expect(report.diagnoses[0]?.remedy).not.toHaveProperty('statement');
});
