import { placeInWorld } from '../../../cli/run/function-settings.ts';
import { hashOf, requestsOf } from '../../../core/delivery/requests.ts';
import { type Report, reportSchema } from '../../../core/report.ts';
import { questionIn, requestIn } from '../../../model/analysis/questions.ts';
import * as policies from '../../../model/policies/authorize.ts';
import type { Question } from '../../../model/policies/decision.ts';
import { checkCaller } from '../../../model/world/callers.ts';
import { delivererIn, deliveryIn } from '../../../model/world/delivery-in.ts';
import type { ScenarioFile } from '../../../model/world/scenario-schema.ts';
import type { World } from '../../../model/world/world.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { type RunningFunction, startFunction } from '../../../sandbox/lambda-runtime.ts';
import { scenarioOf } from '../../../sandbox/scenario-files.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';

/** What the sandbox asks its policies, in order. */
const questions: Question[] = [];
beforeAll(() => {
  const { authorize } = policies;
  vi.spyOn(policies, 'authorize').mockImplementation((world, question) => {
    questions.push(question);
    return authorize(world, question);
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

const worlds: Readonly<Record<string, Parts>> = {
  'as shipped': {},
  'without Bucket Keys': {
    service: { internal: { defaultEncryption: { sseAlgorithm: 'AES256' } } },
    customer: { inbox: { defaultEncryption: { sseAlgorithm: 'AES256' } } },
  },
  'as shipped for parts': { customer: { parameters: { MultipartDeliveries: 'yes' } } },
  'without Bucket Keys, in parts': {
    service: { internal: { defaultEncryption: { sseAlgorithm: 'AES256' } } },
    customer: {
      parameters: { MultipartDeliveries: 'yes' },
      inbox: { defaultEncryption: { sseAlgorithm: 'AES256' } },
    },
  },
  'in two Regions': { customer: { region: 'eu-west-1' } },
  'in China': { service: { region: 'cn-north-1' }, customer: { region: 'cn-northwest-1' } },
};

const steps = [undefined, ['put-internal'], ['copy-to-inbox'], ['put-internal', 'copy-to-inbox']];
const keys = ["the customer's", "the service's"] as const;
const diagnoses = ['none', 'service-account', 'full'] as const;
const everyMode = steps.flatMap((isolated) =>
  keys.flatMap((key) =>
    [false, true].flatMap((acl) => diagnoses.map((diagnosis) => ({ isolated, key, acl, diagnosis }))),
  ),
);

/** S3 uses keys of the bucket's own Region only: across Regions, reports wait under the service's key. */
function modesIn({ service, customer }: Parts) {
  return everyMode
    .filter(({ key }) => key === "the service's" || service?.region === customer?.region)
    .filter(({ diagnosis }) => diagnosis === 'none' || (service === undefined && customer === undefined))
    .map((mode, at) => ({ ...mode, at }));
}

function eventOf({ isolated, key, acl, diagnosis }: (typeof everyMode)[number], at: number) {
  return {
    // A session is used again for the same customer: then nobody is asked whether the role may be assumed.
    customer: `acme-${at}`,
    diagnosis,
    ...(acl && { inbox: { acl: 'bucket-owner-full-control' } }),
    ...(key === "the service's" && { internal: { kmsKeyArn: '${serviceKeyArn}' } }),
    ...(isolated && { steps: isolated }),
  };
}

const synthesized = assembly();

async function scenarioFor(parts: Parts, event: ScenarioFile['event']) {
  const inbox = { ...parts.customer?.inbox, bucketPolicy: { with: [mayHaveAcl] } };
  const file: ScenarioFile = {
    name: 'a mode',
    why: 'a test',
    ...parts,
    customer: { ...parts.customer, inbox },
    event,
    expect: { verdict: 'passed' },
  };
  return scenarioOf(file, await synthesized);
}

/** The object's name has the id of the run in it. */
function runIdIn({ steps: done }: Report): string {
  const key = done.find(({ step }) => step === 'put-internal')?.request?.key ?? '';
  return /([^/]+)\.json$/.exec(key)?.[1] ?? '';
}

/** Without what stands for the caller and the resource: those are compared by their names. */
function comparable({ caller, context, resourcePolicy: _, ...question }: Question) {
  const { 's3:x-amz-content-sha256': hash, ...keys } = context;
  return {
    ...question,
    caller: caller.arn,
    sessionPolicy: caller.sessionPolicy,
    context: keys,
    hash: hash === undefined || hash === hashOf.emptyBody['x-amz-content-sha256'] ? hash : 'of a body',
  };
}

describe.each(Object.entries(worlds))('a check in two accounts %s asks for what requestsOf lists', (_, parts) => {
  let world: World;
  let sandbox: Sandbox;
  let check: RunningFunction;

  // Events change nothing in the accounts, so one function serves all of them.
  beforeAll(async () => {
    ({ world } = await scenarioFor(parts, {}));
    sandbox = await startSandbox({ world });
    check = startFunction({ bundleDir: (await synthesized).bundleDir, ...placeInWorld(world, sandbox.url) });
  });
  afterAll(async () => {
    await check.stop();
    await sandbox.stop();
  });

  test.each(modesIn(parts))('steps $isolated, key $key, ACL $acl, diagnosis $diagnosis', async ({ at, ...mode }) => {
    const { event } = await scenarioFor(parts, eventOf(mode, at));
    questions.length = 0;
    const report = reportSchema.parse(await check.invoke(event));
    const asked = [...questions];
    expect(report.verdict).toBe('passed');

    const delivery = deliveryIn(world, event);
    const callers = { check: checkCaller(world), deliverer: delivererIn(world, event) };
    const expected = requestsOf(delivery, runIdIn(report)).map((one) =>
      questionIn(world, requestIn(world, one, callers)),
    );
    const sorted = (questions: readonly Question[]) =>
      questions.map(comparable).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    expect(asked.length).toBeGreaterThanOrEqual(4);
    expect(sorted(asked)).toEqual(sorted(expected));
  });
});
