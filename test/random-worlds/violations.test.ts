import type { Report } from '../../core/report.ts';
import { checkCaller } from '../../model/world/callers.ts';
import type { World } from '../../model/world/world.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { scenarioOf } from '../../sandbox/scenario-files.ts';
import { scenarioFileOf } from './counterexample.ts';
import { partAt, together } from './scenario-parts.ts';
import { type Truth, truthOf } from './truth.ts';
import { violationsOf } from './violations.ts';

/** A hunt that finds nothing is only meaningful if it would have found a wrong report. */

const key = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';

const denied: Report = {
  schemaVersion: 1,
  customer: 'acme',
  verdict: 'denied',
  deniedStep: 'copy-to-inbox',
  startedAt: '2026-11-21T12:00:00.000Z',
  durationMs: 200,
  steps: [
    { step: 'put-internal', status: 'passed', durationMs: 1 },
    {
      step: 'copy-to-inbox',
      status: 'denied',
      durationMs: 1,
      error: { code: 'AccessDenied', message: 'Access Denied' },
    },
    { step: 'clean-up', status: 'passed', durationMs: 1 },
  ],
  diagnoses: [
    {
      step: 'copy-to-inbox',
      summary: 'The key policy does not allow it.',
      denial: {
        action: 'kms:GenerateDataKey',
        resource: key,
        layer: 'key-policy',
        effect: 'implicit',
        side: 'customer',
      },
      confidence: 'proven',
      evidence: [],
      candidates: [],
    },
  ],
};

let world: World;
let truth: Truth;

beforeAll(async () => {
  ({ world, truth } = await worldOf(partAt('customer.key.keyPolicy', { without: ['EncryptDeliveredReports'] })));
});

async function worldOf(...parts: Parameters<typeof together>[0]) {
  const file = scenarioFileOf({ parts: together(parts), truth: { faults: [], outcomes: [{ verdict: 'passed' }] } });
  const scenario = await scenarioOf(file, await assembly());
  return { world: scenario.world, truth: truthOf(scenario.world, scenario.event) };
}

function kinds(report: unknown, log: readonly string[] = [], sandboxFaults: readonly string[] = []): string[] {
  return violationsOf(world, truth, { answer: report, log, sandboxFaults }).map(({ kind }) => kind);
}

function withDenial(
  denial: Report['diagnoses'][number]['denial'],
  confidence: 'proven' | 'inferred' = 'proven',
): Report {
  const [diagnosis] = denied.diagnoses;
  return { ...denied, diagnoses: diagnosis ? [{ ...diagnosis, denial, confidence }] : [] };
}

describe('a report', () => {
  it('that names the faults of its world breaks no promise', () => {
    expect(kinds(denied)).toEqual([]);
  });

  it.each([
    ['action', { action: 'kms:Decrypt', layer: 'key-policy' }],
    ['resource', { resource: `${key.slice(0, -1)}3`, layer: 'key-policy' }],
    ['layer', { action: 'kms:GenerateDataKey', layer: 'identity-policy' }],
    ['effect', { layer: 'key-policy', effect: 'explicit' }],
    ['side', { layer: 'key-policy', side: 'service' }],
  ] as const)('must not call another %s proven', (field, denial) => {
    expect(kinds(withDenial(denial))).toEqual([
      expect.stringMatching(new RegExp(`^wrong proven: .*differs in ${field}$`)),
    ]);
    expect(kinds(withDenial(denial, 'inferred'))).toEqual([]);
  });

  it('may infer something without a fault if it is rightly inconclusive, and prove nothing', () => {
    const without = (verdict: 'inconclusive' | 'passed', confidence: 'proven' | 'inferred') => {
      const { deniedStep: _, ...report } = withDenial({ layer: 'key-policy' }, confidence);
      const answer = { ...report, verdict, steps: report.steps.filter(({ status }) => status === 'passed') };
      const nothing: Truth = { ...truth, faults: [], outcomes: [{ verdict }] };
      return violationsOf(world, nothing, { answer, log: [], sandboxFaults: [] }).map(({ kind }) => kind);
    };
    expect(without('inconclusive', 'inferred')).toEqual([]);
    expect(without('inconclusive', 'proven')).toEqual([expect.stringMatching(/^wrong proven: /)]);
    expect(without('passed', 'inferred')).toEqual(['diagnoses of a world without fault']);
  });

  it('may omit unknown facts from a proof', () => {
    expect(kinds(withDenial({ layer: 'key-policy' }))).toEqual([]);
  });

  it.each([
    ['another verdict', { verdict: 'misconfigured' }],
    ['another step', { deniedStep: 'put-internal' }],
  ] as const)('must not state %s', (_, wrong) => {
    expect(kinds({ ...denied, ...wrong })).toEqual([expect.stringMatching(/^outcome: /)]);
  });

  it('must not pass a step that has a fault, nor deny one that has none', () => {
    const swapped = denied.steps.map((step) => ({ ...step, status: step.status === 'denied' ? 'passed' : 'denied' }));
    expect(kinds({ ...denied, steps: swapped })).toEqual(['put-internal denied', 'copy-to-inbox passed']);
  });

  it('must be a report', () => {
    expect(kinds({ failed: 'out of memory' })).toEqual(['schema']);
  });

  it('must not contain credentials or code, nor must the log', () => {
    const { secretAccessKey, sessionToken } = checkCaller(world);
    const trace = JSON.stringify({ error: 'Error: no\n    at check (file:///var/task/handler.mjs:1:2)' });
    expect(kinds({ ...denied, principal: secretAccessKey })).toEqual(['credentials']);
    expect(kinds(denied, [`token ${sessionToken}`, trace])).toEqual(['credentials', 'stack trace']);
  });

  it('does not excuse a sandbox that lacks an operation', () => {
    expect(kinds(denied, [], ['NotImplemented: s3 ListObjectsV2'])).toEqual(['sandbox']);
  });
});

describe('the truth', () => {
  const noIdentity = partAt('service.deliveryRole.policies', { without: ['DeliverEncrypted'] });
  const disabled = partAt('customer.key.state', 'Disabled');

  it.each([
    [
      'S3 looks for the bucket before it asks anybody',
      [partAt('customer.inbox.exists', false), noIdentity],
      'misconfigured',
      'copy-to-inbox',
    ],
    [
      'S3 asks for the object before KMS is asked',
      [partAt('event.steps', ['copy-to-inbox']), disabled, noIdentity],
      'denied',
      'copy-to-inbox',
    ],
    ['KMS tells the state of a key to those who may use it', [disabled], 'misconfigured', 'put-internal'],
    [
      'KMS does not tell others',
      [disabled, partAt('customer.key.keyPolicy', { without: ['EncryptAndReadWaitingReports'] })],
      'denied',
      'put-internal',
    ],
    [
      'KMS does not tell whether another account has a key',
      [partAt('event.inbox.kmsKeyArn', `${key.slice(0, -1)}3`)],
      'denied',
      'put-internal',
    ],
    [
      'S3 uses KMS for nobody who came over plain HTTP',
      [partAt('service.insecureTransport', true), partAt('service.internal.bucketPolicy', null)],
      'misconfigured',
      'put-internal',
    ],
    [
      'what is left behind fails no delivery',
      [partAt('service.deliveryRole.policies', { without: ['DeleteTestObjects'] })],
      'passed',
      undefined,
    ],
  ])('%s', async (_, parts, verdict, deniedStep) => {
    const found = await worldOf(...parts);
    expect(found.truth.outcomes[0]).toEqual({ verdict, ...(deniedStep && { deniedStep }) });
  });
});
