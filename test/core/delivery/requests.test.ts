import { placeInWorld } from '../../../cli/run/function-settings.ts';
import { isolates } from '../../../cli/run/isolates.ts';
import type { JobOutcome } from '../../../cli/run/job.ts';
import { type Delivery, deliveryOf } from '../../../core/delivery/delivery.ts';
import { hashOf, requestsOf } from '../../../core/delivery/requests.ts';
import type { TestEvent } from '../../../core/event.ts';
import type { Report } from '../../../core/report.ts';
import { type Callers, questionIn, requestIn } from '../../../model/analysis/questions.ts';
import * as policies from '../../../model/policies/authorize.ts';
import type { Question } from '../../../model/policies/decision.ts';
import { checkCaller } from '../../../model/world/callers.ts';
import { delivererIn, deliveryIn, eventDefaults } from '../../../model/world/delivery-in.ts';
import type { ScenarioFile } from '../../../model/world/scenario-schema.ts';
import type { World } from '../../../model/world/world.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { scenarioOf } from '../../../sandbox/scenario-files.ts';
import { startSandbox } from '../../../sandbox/start.ts';

/** The questions that the sandbox evaluated policies for, in order. */
const questions: Question[] = [];
/** A prepared decision that replaces the policies'. */
let decide: (question: Question) => boolean | undefined = () => undefined;
beforeAll(() => {
  const { authorize } = policies;
  const nothing = { Version: '2012-10-17', Statement: [] } as const;
  vi.spyOn(policies, 'authorize').mockImplementation((world, question) => {
    questions.push(question);
    const decided = decide(question);
    const caller = decided === false ? { ...question.caller, sessionPolicy: nothing } : question.caller;
    const decision = authorize(world, { ...question, caller });
    return decided === true ? { ...decision, allowed: true } : decision;
  });
});
afterAll(() => void vi.mocked(policies.authorize).mockRestore());

const mayHaveAcl = {
  Sid: 'AllowAcl',
  Effect: 'Allow' as const,
  Principal: { AWS: '${deliveryRoleArn}' },
  Action: 's3:PutObjectAcl',
  Resource: '${inboxBucketArn}/*',
};

type Parts = Pick<ScenarioFile, 'service' | 'customer'>;

const bucketKey = (sseAlgorithm: 'AES256' | 'aws:kms', bucketKeyEnabled = false) => ({
  defaultEncryption: { sseAlgorithm, bucketKeyEnabled },
});
const inParts = { parameters: { MultipartDeliveries: 'yes' } };

const worlds: Readonly<Record<string, Parts>> = {
  'as shipped': {},
  'without Bucket Keys': { service: { internal: bucketKey('AES256') }, customer: { inbox: bucketKey('AES256') } },
  'with a Bucket Key where reports wait': { service: { internal: bucketKey('aws:kms', true) } },
  'in two Regions': { customer: { region: 'eu-west-1' } },
  'in China': { service: { region: 'cn-north-1' }, customer: { region: 'cn-northwest-1' } },
  'as shipped for parts': { customer: inParts },
  'without Bucket Keys, in parts': {
    service: { internal: bucketKey('AES256') },
    customer: { ...inParts, inbox: bucketKey('AES256') },
  },
  'with a Bucket Key where reports wait, in parts': {
    service: { internal: bucketKey('aws:kms', true) },
    customer: inParts,
  },
  'in two Regions, in parts': { customer: { ...inParts, region: 'eu-west-1' } },
};

const steps = [undefined, ['put-internal'], ['copy-to-inbox'], ['put-internal', 'copy-to-inbox']] as const;
const keys = ["the customer's", "the service's"] as const;
const diagnoses = ['none', 'service-account', 'full'] as const;
const everyMode = steps.flatMap((isolated) =>
  keys.flatMap((key) => [false, true].map((acl) => ({ isolated, key, acl }))),
);

const isOdd = (number: number) => number % 2 === 1;

/**
 * S3 only uses keys in the bucket's own Region, so across Regions, reports are staged with the service's key. Without
 * other settings, there is every mode; with them, every pair of steps, key and ACL, and EVERY_SCENARIO=1 tries all
 * modes.
 */
function modesIn(name: string, { service, customer }: Parts, world: number) {
  const isOneRegion = service?.region === customer?.region;
  const isWhole = process.env['EVERY_SCENARIO'] || /^as shipped/.test(name) || !isOneRegion;
  return everyMode
    .filter(({ key }) => key === "the service's" || isOneRegion)
    .filter(({ isolated, key, acl }) => isWhole || isOdd(steps.indexOf(isolated) + keys.indexOf(key) + Number(acl)))
    .map((mode, at) => ({ ...mode, diagnosis: diagnoses[(at + world) % 3] ?? 'none', at }));
}

type Mode = ReturnType<typeof modesIn>[number];

function eventOf(
  { defaultEvent, serviceKeyArn }: World,
  { isolated, key, acl, diagnosis, at }: Omit<Mode, 'at'> & { readonly at: string | number },
): TestEvent {
  const { inbox, internal } = defaultEvent;
  return {
    ...defaultEvent,
    // A session is reused for the same customer, and then the permission to assume the role is not checked.
    customer: `acme-${at}`,
    diagnosis,
    inbox: { ...inbox, ...(acl && { acl: 'bucket-owner-full-control' }) },
    ...(key === "the service's" && { internal: { ...internal, kmsKeyArn: serviceKeyArn } }),
    ...(isolated && { steps: isolated }),
  };
}

const synthesized = assembly();

async function worldWith(parts: Parts): Promise<World> {
  const inbox = { ...parts.customer?.inbox, bucketPolicy: { with: [mayHaveAcl] } };
  const file: ScenarioFile = {
    name: 'a mode',
    why: 'a test',
    ...parts,
    customer: { ...parts.customer, inbox },
    expect: { verdict: 'passed' },
  };
  return (await scenarioOf(file, await synthesized)).world;
}

/** The object's name contains the run's ID. */
function runIdIn({ steps: done }: Report): string {
  const key = done.find(({ step }) => step === 'put-internal')?.request?.key ?? '';
  return /([^/]+)\.json$/.exec(key)?.[1] ?? '';
}

/** Replaces the caller and the resource with their names, to compare them. */
function comparable({ caller, context, resourcePolicy: _, ...question }: Question) {
  const { 's3:x-amz-content-sha256': hash, 'aws:UserAgent': agent = 'aws-sdk-js/', ...keys } = context;
  return {
    ...question,
    caller: caller.arn,
    sessionPolicy: caller.sessionPolicy,
    context: keys,
    agent: String(agent).split('/')[0],
    hash: hash === undefined || hash === hashOf.emptyBody['x-amz-content-sha256'] ? hash : 'of a body',
  };
}

/** The list of `requestsOf`, as questions in this world. */
function listed(world: World, delivery: Delivery, callers: Callers, runId: string): readonly Question[] {
  return requestsOf(delivery, runId).map((one) => questionIn(world, requestIn(world, one, callers)));
}

function sorted(some: readonly Question[]) {
  return some.map(comparable).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

async function served(parts: Parts, without: readonly string[] = []) {
  const world = await worldWith(parts);
  const sandbox = await startSandbox({ world });
  const place = placeInWorld(world, sandbox.url);
  const environment = Object.fromEntries(Object.entries(place.environment).filter(([name]) => !without.includes(name)));
  const isolate = isolates.take({ bundleDir: (await synthesized).bundleDir, ...place, environment });
  let last: JobOutcome | undefined;
  const ask = async (event: unknown) => {
    questions.length = 0;
    last = await isolate.run({ title: 'a check', event });
    const [report] = last.answer.kind === 'reports' ? last.answer.reports : [];
    if (!report) throw new Error(JSON.stringify(last.answer));
    return { report, asked: [...questions], runId: runIdIn(report) };
  };
  const stop = async () => {
    if (last) isolates.giveBack(isolate, last);
    await sandbox.stop();
  };
  return { world, ask, stop };
}

// Events change nothing in the accounts, so one function is used for all events of a world.
describe.each(Object.entries(worlds))('a check in two accounts %s asks for what requestsOf lists', (name, parts) => {
  let account: Awaited<ReturnType<typeof served>>;
  beforeAll(async () => {
    account = await served(parts);
  });
  afterAll(() => account.stop());

  const modes = modesIn(name, parts, Object.keys(worlds).indexOf(name));
  test.each(modes)('steps $isolated, key $key, ACL $acl, diagnosis $diagnosis', async (mode) => {
    const { world, ask } = account;
    const event = eventOf(world, mode);
    const { report, asked, runId } = await ask(event);
    expect(report.verdict).toBe('passed');
    const callers = { check: checkCaller(world), deliverer: delivererIn(world, event) };
    expect(asked.length).toBeGreaterThanOrEqual(4);
    expect(sorted(asked)).toEqual(sorted(listed(world, deliveryIn(world, event), callers, runId)));
  });
});

const kinds = [
  ['a copy', {}],
  ['parts', { customer: inParts }],
] as const;

describe.each(kinds)('a check of %s', (_, parts) => {
  let account: Awaited<ReturnType<typeof served>>;
  let unassuming: Awaited<ReturnType<typeof served>>;
  beforeAll(async () => {
    account = await served(parts);
    unassuming = await served(parts, ['DELIVERY_ROLE_ARN']);
  });
  afterEach(() => {
    decide = () => undefined;
  });
  afterAll(() => Promise.all([account.stop(), unassuming.stop()]));

  test.each([false, true])('without a delivery role, with an ACL: %s, asks the same for the caller', async (acl) => {
    const { world, ask } = unassuming;
    decide = () => true;
    const mode = { isolated: undefined, key: "the customer's", acl, diagnosis: 'none', at: `own-${acl}` } as const;
    const event = eventOf(world, mode);
    const { report, asked, runId } = await ask(event);
    expect(report.verdict).toBe('passed');
    const { deliveryRoleArn: _role, ...defaults } = eventDefaults(world);
    const caller = checkCaller(world);
    const delivery = deliveryOf(event, defaults);
    expect(sorted(asked)).toEqual(sorted(listed(world, delivery, { check: caller, deliverer: caller }, runId)));
  });

  test('stops after a refusal, except for the key of a substitute', async () => {
    const { world, ask } = account;
    const refusals = requestsOf(deliveryIn(world, world.defaultEvent));
    for (const [at, refused] of refusals.entries()) {
      decide = ({ action, resource }) =>
        action === refused.action && (refused.on === 'internal-object' || resource === refused.resource)
          ? false
          : undefined;
      const mode = {
        isolated: undefined,
        key: "the customer's",
        acl: true,
        diagnosis: 'none',
        at: `refused-${at}`,
      } as const;
      const event = eventOf(world, mode);
      const { report, asked, runId } = await ask(event);
      expect([refused.action, report.verdict]).toEqual([
        refused.action,
        refused.step === 'clean-up' ? 'passed' : 'denied',
      ]);

      const delivery = deliveryIn(world, event);
      const substitute = { ...delivery, internal: { ...delivery.internal, kmsKeyArn: world.serviceKeyArn } };
      const callers = { check: checkCaller(world), deliverer: delivererIn(world, event) };
      const known = [delivery, substitute].flatMap((one) => sorted(listed(world, one, callers, runId)));
      const texts = new Set(known.map((one) => JSON.stringify(one)));
      expect(sorted(asked).filter((one) => !texts.has(JSON.stringify(one)))).toEqual([]);
    }
  });
});
