import type { Denial, Diagnosis, Remedy, Report } from '../../../core/report.ts';
import { type Fault, faultsOf } from '../../../model/analysis/faults.ts';
import { remedyForFault } from '../../../model/remedies/for-fault.ts';
import { withVerifiedRemedies } from '../../../model/remedies/verify-report.ts';
import type { Scenario } from '../../../model/world/scenario.ts';
import type { World } from '../../../model/world/world.ts';
import { fixable, worldWith } from './broken-worlds.ts';

/** A check that only sees the first fault of a world, like most checks, and may be wrong about it. */
type Advisor = (fault: Fault, world: World) => Remedy | undefined;

function denialOf(fault: Fault | undefined): Denial {
  return fault ? { layer: fault.layer, action: fault.action, resource: fault.resource } : {};
}

function reporting({ event }: Scenario, advise: Advisor) {
  let runs = 0;
  const check = async (world: World): Promise<Report> => {
    runs++;
    const [fault] = faultsOf(world, event);
    const remedy = fault && advise(fault, world);
    const diagnosis: Diagnosis = {
      summary: '',
      denial: denialOf(fault),
      confidence: 'inferred',
      evidence: [],
      candidates: [],
      ...(remedy && { remedy }),
    };
    return {
      schemaVersion: 1,
      customer: 'acme',
      verdict: fault && fault.step !== 'clean-up' ? 'denied' : 'passed',
      startedAt: '2026-01-01T00:00:00.000Z',
      durationMs: 1,
      steps: [],
      diagnoses: fault ? [diagnosis] : [],
    };
  };
  return { check, runs: () => runs };
}

async function verify(scenario: Scenario, advise: Advisor) {
  const { world, event } = scenario;
  const { check, runs } = reporting(scenario, advise);
  const report = await check(world);
  const { diagnoses } = await withVerifiedRemedies({ world, event, report, check });
  return { verified: diagnoses.map(({ remedy }) => remedy?.verified), runs: runs() - 1 };
}

const right =
  ({ event }: Scenario): Advisor =>
  (fault, world) =>
    remedyForFault(world, event, fault);

test('a remedy with which the whole check passes is verified', async () => {
  const scenario = await worldWith(fixable['no bucket policy at all']);
  expect(await verify(scenario, right(scenario))).toEqual({ verified: [true], runs: 1 });
});

test('the whole check includes the clean-up', async () => {
  const scenario = await worldWith({
    service: { deliveryRole: { policies: { without: ['DeleteTestObjects'] } } },
    customer: { inbox: { bucketPolicy: null } },
  });
  const all = right(scenario);
  expect(await verify(scenario, all)).toEqual({ verified: [true], runs: 2 });
  const deliveryOnly: Advisor = (fault, world) => (fault.step === 'clean-up' ? undefined : all(fault, world));
  expect(await verify(scenario, deliveryOnly)).toEqual({ verified: [undefined], runs: 1 });
});

test('remedies that are revealed one after the other are applied together', async () => {
  const scenario = await worldWith(fixable['faults on both sides of both edges of the inbox']);
  expect(await verify(scenario, right(scenario))).toEqual({ verified: [true], runs: 4 });
});

test('assumes that other people do their tasks', async () => {
  const scenario = await worldWith({
    service: {
      serviceControlPolicies: [
        {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::secure-inbox-2*' }],
        },
      ],
    },
    customer: { inbox: { bucketPolicy: null }, key: { state: 'Disabled' } },
  });
  const all = right(scenario);
  // The faults appear in this order: the key's state, the organization's policy, the bucket's policy.
  expect(await verify(scenario, all)).toEqual({ verified: [undefined], runs: 3 });
  const statementFirst: Advisor = (fault, world) => all(fault, world);
  const { world, event } = scenario;
  const faults = faultsOf(world, event);
  const { check } = reporting(scenario, statementFirst);
  const diagnosed = await check(world);
  const [diagnosis] = diagnosed.diagnoses;
  if (!diagnosis) throw new Error('no diagnosis');
  const diagnoses = faults.map((fault): Diagnosis => {
    const remedy = all(fault, world);
    return { ...diagnosis, denial: denialOf(fault), ...(remedy && { remedy }) };
  });
  const verified = await withVerifiedRemedies({ world, event, report: { ...diagnosed, diagnoses }, check });
  expect(verified.diagnoses.map(({ denial, remedy }) => [denial.layer, remedy?.verified])).toEqual(
    expect.arrayContaining([
      ['bucket-policy', true],
      ['service-control-policy', undefined],
      ['key-state', undefined],
    ]),
  );
});

test('a policy that denies nothing does not have to be changed', async () => {
  const scenario = await worldWith(fixable['no bucket policy at all']);
  const wrong: Advisor = () => ({ side: 'service', instruction: 'Ask the administrators.' });
  const { check } = reporting(scenario, wrong);
  const report = await check(scenario.world);
  const [diagnosis] = report.diagnoses;
  if (!diagnosis) throw new Error('no diagnosis');
  const blamed = { ...diagnosis, denial: { ...diagnosis.denial, layer: 'service-control-policy' as const } };
  const { world, event } = scenario;
  expect(await withVerifiedRemedies({ world, event, report: { ...report, diagnoses: [blamed] }, check })).toMatchObject(
    {
      diagnoses: [{ remedy: { instruction: 'Ask the administrators.' } }],
    },
  );
});

test('if no simulation shows the effect, nothing is verified', async () => {
  const scenario = await worldWith({ customer: { inbox: { bucketPolicy: null }, key: { spec: 'RSA_2048' } } });
  expect((await verify(scenario, right(scenario))).verified).toEqual([undefined]);
});

test('a wrong remedy that is proposed again and again is given up', async () => {
  const scenario = await worldWith(fixable['no bucket policy at all']);
  const wrong: Advisor = (fault, world) =>
    right(scenario)({ ...fault, layer: 'identity-policy', side: 'service' }, world);
  expect(await verify(scenario, wrong)).toEqual({ verified: [undefined], runs: 1 });
});

test('a wrong first remedy is not verified by a correct one later', async () => {
  const scenario = await worldWith(fixable['no bucket policy at all']);
  let asked = 0;
  const wrongAtFirst: Advisor = (fault, world) =>
    right(scenario)(asked++ === 0 ? { ...fault, layer: 'identity-policy', side: 'service' } : fault, world);
  // Both applied, then only the second, which is enough.
  expect(await verify(scenario, wrongAtFirst)).toEqual({ verified: [undefined], runs: 3 });
});

test('a remedy that also grants something else is not verified', async () => {
  const scenario = await worldWith(fixable['no bucket policy at all']);
  const sloppy: Advisor = (fault, world) => {
    const remedy = right(scenario)(fault, world);
    return remedy && { ...remedy, statement: { ...remedy.statement, Principal: { AWS: '111111111111' } } };
  };
  expect(await verify(scenario, sloppy)).toEqual({ verified: [undefined], runs: 1 });
});

test('a remedy for something nonexistent does not prevent trying the others', async () => {
  const scenario = await worldWith(fixable['no bucket policy at all']);
  const { world, event } = scenario;
  const { check } = reporting(scenario, right(scenario));
  const report = await check(world);
  const [diagnosis] = report.diagnoses;
  if (!diagnosis?.remedy) throw new Error('no remedy');
  const elsewhere = { ...diagnosis, remedy: { ...diagnosis.remedy, target: 'mistyped' } };
  const { diagnoses } = await withVerifiedRemedies({
    world,
    event,
    report: { ...report, diagnoses: [elsewhere, diagnosis] },
    check,
  });
  expect(diagnoses.map(({ remedy }) => remedy?.verified)).toEqual([undefined, true]);
});

test('stops if there are always new remedies', async () => {
  const scenario = await worldWith({ customer: { key: { spec: 'RSA_2048' } } });
  let next = 0;
  const endless: Advisor = () => ({
    side: 'customer',
    instruction: '',
    document: 'identity-policy',
    target: scenario.world.deliveryRoleArn,
    statement: { Sid: `Guess${next++}`, Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::guess/*' },
  });
  expect(await verify(scenario, endless)).toEqual({ verified: [undefined], runs: 8 });
});
