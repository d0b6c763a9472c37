import type { Diagnosis, StepResult } from '../../core/report.ts';
import { type Needed, permissionsOf, type StepAnswers } from '../../core/report-permissions.ts';

const key = 'arn:aws:kms:us-east-1:222222222222:key/1';
const put: Needed = { step: 'put-internal', action: 'kms:GenerateDataKey', on: 'internal-key', resource: key };
const read: Needed = {
  step: 'copy-to-inbox',
  action: 's3:GetObject',
  on: 'internal-object',
  resource: 'arn:aws:s3:::a/b',
};
const decrypt: Needed = { step: 'copy-to-inbox', action: 'kms:Decrypt', on: 'internal-key', resource: key };
const encrypt: Needed = { step: 'copy-to-inbox', action: 'kms:GenerateDataKey', on: 'inbox-key', resource: key };
const write: Needed = {
  step: 'copy-to-inbox',
  action: 's3:PutObject',
  on: 'inbox-object',
  resource: 'arn:aws:s3:::c/d',
};

const step = (name: StepResult['step'], status: StepResult['status'], more: Partial<StepResult> = {}): StepResult => ({
  step: name,
  status,
  durationMs: 1,
  ...more,
});
const diagnosis = ({ step: at, action, resource }: Needed, more: Partial<Diagnosis> = {}): Diagnosis => ({
  step: at,
  summary: 'It is refused.',
  denial: { action, ...(resource && { resource }), layer: 'key-policy' },
  confidence: 'inferred',
  evidence: [],
  candidates: [],
  ...more,
});
const denied = [step('put-internal', 'passed'), step('copy-to-inbox', 'denied')];
const request = (kms: object) => ({ request: { operation: 'PutObject', region: 'us-east-1', ...kms } });
const told = (more: Partial<StepAnswers> = {}): StepAnswers => ({ steps: denied, diagnoses: [], ...more });

const cases: readonly (readonly [name: string, needed: Needed, told: StepAnswers, state: string, because: object])[] = [
  ['a step that passed', put, told(), 'allowed', { step: 'put-internal' }],
  ['nothing', write, told(), 'unknown', { step: 'copy-to-inbox' }],
  [
    'a proven diagnosis',
    write,
    told({ diagnoses: [diagnosis(write, { confidence: 'proven' })] }),
    'denied',
    { diagnosis: 0 },
  ],
  [
    'an inferred one',
    write,
    told({ diagnoses: [diagnosis(read), diagnosis(write)] }),
    'likely-denied',
    { diagnosis: 1 },
  ],
  [
    'one that explains nothing',
    write,
    told({ diagnoses: [diagnosis(write, { confidence: 'unknown' })] }),
    'possibly-denied',
    { diagnosis: 0 },
  ],
  [
    'a candidate of another one',
    encrypt,
    told({
      diagnoses: [diagnosis(write, { candidates: [{ layer: 'key-policy', action: encrypt.action, why: 'it may' }] })],
    }),
    'possibly-denied',
    { diagnosis: 0 },
  ],
  ['what AWS names', decrypt, told({ named: [decrypt] }), 'denied', { step: 'copy-to-inbox' }],
  ['what AWS names at another step', decrypt, told({ named: [put] }), 'unknown', { step: 'copy-to-inbox' }],
  [
    'a probe',
    read,
    told({ allowed: [{ ...read, source: 'probe' }] }),
    'allowed',
    { step: 'copy-to-inbox', source: 'probe' },
  ],
  [
    'a probe that contradicts what is proven',
    read,
    told({ allowed: [read], diagnoses: [diagnosis(read, { confidence: 'proven' })] }),
    'denied',
    { diagnosis: 0 },
  ],
  [
    'the same fault of the same key at another step',
    encrypt,
    told({
      steps: [step('put-internal', 'denied'), step('copy-to-inbox', 'skipped')],
      diagnoses: [diagnosis(put, { confidence: 'proven' })],
    }),
    'likely-denied',
    { diagnosis: 0 },
  ],
  [
    'a disabled key at another step',
    encrypt,
    told({
      steps: [step('put-internal', 'failed'), step('copy-to-inbox', 'skipped')],
      diagnoses: [
        diagnosis(put, { confidence: 'proven', denial: { action: put.action, resource: key, layer: 'key-state' } }),
      ],
    }),
    'denied',
    { diagnosis: 0 },
  ],
  [
    'a copy of an object under another key',
    decrypt,
    told({
      steps: [
        step('put-internal', 'denied', request({ kmsKeyArn: key })),
        step('copy-to-inbox', 'passed', request({ sourceKmsKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/2' })),
      ],
    }),
    'unknown',
    { step: 'copy-to-inbox' },
  ],
  [
    'a copy that S3 encrypted otherwise',
    encrypt,
    told({ steps: [step('copy-to-inbox', 'passed'), step('verify-delivery', 'failed')] }),
    'unknown',
    { step: 'verify-delivery' },
  ],
];

test.each(cases)('%s', (_, needed, known, state, because) => {
  expect(permissionsOf([needed], known)).toEqual([{ ...needed, state, because }]);
});
