import { choiceOf } from '../../../cli/conformance/obstacles.ts';
import { madeUpIdentities } from '../../../cli/conformance/run-names.ts';
import { kindsWritten } from '../../../cli/conformance/world-settings.ts';
import { parts, policyPartNames } from '../../../core/parts.ts';
import type { ScenarioFile } from '../../../model/world/scenario-schema.ts';
import { policyKinds } from '../../../policy/policy-kinds.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { scenarioOf } from '../../../sandbox/scenario-files.ts';

/** The default world with a policy for one part. */
function fileWith(part: (typeof policyPartNames)[number]): ScenarioFile {
  const { kind } = parts[part];
  const principal = policyKinds[kind].principal === 'forbidden' ? {} : { Principal: '*' };
  const Statement = [{ Effect: 'Deny', ...principal, Action: 's3:DeleteBucket', Resource: '*' }];
  const document = { Version: '2012-10-17', Statement };
  const value = 'several' in parts[part] ? [document] : document;
  const file = part.split('.').reduceRight<unknown>((inside, name) => ({ [name]: inside }), value);
  return { name: part, why: 'https://docs.aws.amazon.com/', expect: { verdict: 'passed' }, ...(file as object) };
}

const unwritten = policyPartNames.filter((part) => !kindsWritten.includes(parts[part].kind));

test.each(unwritten)('a world with %s, which no call of a run writes, is left out', async (part) => {
  const file = fileWith(part);
  const scenario = await scenarioOf(file, await assembly({ onProgress: () => {} }));
  const around = { identities: madeUpIdentities, sameOrganization: false };
  expect(choiceOf(scenario, file, around)).toMatchObject({ kind: 'left-out' });
  const inOrder = { ...file, service: {}, customer: {} };
  expect(choiceOf(await scenarioOf(inOrder, await assembly({})), inOrder, around).kind).toBe('chosen');
});

test('a world whose inbox belongs to the service is left out, because a run makes the inbox for the customer', async () => {
  const base = { name: 'own inbox', why: 'https://docs.aws.amazon.com/', expect: { verdict: 'denied' } } as const;
  const file: ScenarioFile = { ...base, customer: { inbox: { owner: '111111111111' } } };
  const scenario = await scenarioOf(file, await assembly({}));
  const around = { identities: madeUpIdentities, sameOrganization: false };
  expect(choiceOf(scenario, file, around)).toMatchObject({ kind: 'left-out', why: 'one-account' });
});
