import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf, run } from '../clients/run-command.mjs';
import { here, plainEnvironment } from './server.mjs';

const root = here('../..');

/** Replaces a text in every string of a template. The text must exist. */
function replaced(template, pattern, replacement) {
  const before = JSON.stringify(template);
  const after = before.replaceAll(pattern, replacement);
  if (after === before) throw new Error(`the template has no ${pattern} to change`);
  return JSON.parse(after);
}

function without(template, type) {
  const kept = Object.entries(template.Resources).filter(([, resource]) => resource.Type !== type);
  return { ...template, Resources: Object.fromEntries(kept) };
}

function mapped(template, type, change) {
  const changed = Object.entries(template.Resources).map(([id, resource]) => [
    id,
    resource.Type === type ? { ...resource, Properties: change(resource.Properties) } : resource,
  ]);
  return { ...template, Resources: Object.fromEntries(changed) };
}

/** Escapes a text for a state machine that is a string in a template. */
const quoted = (text) => text.replaceAll('"', '\\"');

/** Changes of Account A's template that a stack's limits require, each with its description. */
export const changes = {
  'no-bootstrap': [
    'the CDK bootstrap stack is not deployed, so the parameter with its version goes',
    ({ Rules, Parameters: { BootstrapVersion, ...Parameters }, ...rest }) => ({ ...rest, Parameters }),
  ],
  'batches-of-one': [
    'no ItemBatcher: each item of the map is a batch of one customer',
    (template) =>
      replaced(
        template,
        /\\"ItemSelector\\":\{\\"Key\.\$\\":\\"\$\$\.Map\.Item\.Value\.Key\\"\},\\"ItemBatcher\\":\{\\"MaxItemsPerBatch\\":\d+\}/g,
        () => quoted('"ItemSelector":{"Items":[{"Key.$":"$$.Map.Item.Value.Key"}]}'),
      ),
  ],
  'one-second-to-confirm': [
    'a change is confirmed after one second instead of 60, to save time',
    (template) => replaced(template, quoted('"Type":"Wait","Seconds":60'), () => quoted('"Type":"Wait","Seconds":1')),
  ],
  'all-new': [
    'UPDATED_NEW leaves out what keeps its value, so that updates return ALL_NEW',
    (template) => replaced(template, quoted('"ReturnValues":"UPDATED_NEW"'), () => quoted('"ReturnValues":"ALL_NEW"')),
  ],
  'url-suffix': [
    'AWS::URLSuffix is its own domain, so the template says amazonaws.com',
    (template) => replaced(template, '{"Ref":"AWS::URLSuffix"}', '"amazonaws.com"'),
  ],
  'decimal-percentage': [
    'ToleratedFailurePercentage takes decimals only: 10.0 instead of 10',
    (template) => replaced(template, /(\\"ToleratedFailurePercentage\\":\d+)(?=[,}])/g, '$1.0'),
  ],
  'no-metric-math': [
    'no metric math: an alarm over an expression watches the first of its metrics',
    (template) =>
      mapped(template, 'AWS::CloudWatch::Alarm', ({ Metrics, ...alarm }) => {
        const { Metric, Stat, Period } = Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat ?? {};
        return Metric === undefined ? alarm : { ...alarm, ...Metric, Statistic: Stat, Period };
      }),
  ],
  'sessions-by-arn': [
    "aws:PrincipalArn is the session's ARN, so the internal bucket's policy names the sessions of the role too",
    (template) =>
      replaced(
        template,
        /"aws:PrincipalArn":\[(\{"Fn::GetAtt":\["DeliveryRole\w+","Arn"\]\})\]/g,
        '"aws:PrincipalArn":[$1,"arn:aws:sts::*:assumed-role/secure-inbox-delivery/*"]',
      ),
  ],
  'inboxes-in-this-account': [
    'a copy looks for its source in the account of its target: both stacks are in one account, with inboxesInThisAccount',
    (template) => ({
      ...mapped(
        replaced(template, /,"StringNotEquals":\{"s3:ResourceAccount":\{"Ref":"AWS::AccountId"\}\}/g, ''),
        'AWS::Lambda::Function',
        ({ Environment, ...rest }) => ({
          ...rest,
          Environment: { Variables: { ...Environment?.Variables, INBOXES_IN_THIS_ACCOUNT: 'true' } },
        }),
      ),
      Outputs: { ...template.Outputs, InboxesInThisAccount: { Value: 'true' } },
    }),
  ],
  'no-dashboard': [
    'an alarm has no Arn there, so the dashboard of the alarms goes',
    ({ Outputs: { DashboardName, ...Outputs }, ...rest }) => ({
      ...without(rest, 'AWS::CloudWatch::Dashboard'),
      Outputs,
    }),
  ],
  'no-saved-query': [
    'AWS::Logs::QueryDefinition is not known to it, so the saved query goes',
    (template) => without(template, 'AWS::Logs::QueryDefinition'),
  ],
};

/** The same for the customer's template, which stays a text. */
export const customersChanges = {
  'long-rule-functions': [
    '!Contains and !EachMemberEquals are not known to it, so they are written as Fn::Contains and Fn::EachMemberEquals',
    (text) => text.replaceAll(/!(Contains|EachMemberEquals) (\[[^[\]]*(?:\[[^[\]]*\][^[\]]*)*\])/g, '{"Fn::$1": $2}'),
  ],
  'plain-conditions': [
    'conditions know neither Fn::Join nor Fn::Split: a list is compared as its text, and an ARN that is given counts as one of the Region',
    (text) =>
      text
        .replaceAll(/!Equals \[!Join \["", !Ref (\w+)\], ""\]/g, '!Equals [!Ref $1, ""]')
        .replaceAll(
          /!Equals \[!Select \[3, !Split \[":", !Join \["", \[!Ref (\w+), "::::"\]\]\]\], !Ref AWS::Region\]/g,
          '!Not [!Equals [!Ref $1, ""]]',
        ),
  ],
  'url-suffix': [
    'AWS::URLSuffix is its own domain, so the template says amazonaws.com',
    (text) => text.replaceAll('${AWS::URLSuffix}', 'amazonaws.com'),
  ],
  'no-deny-other-keys': [
    's3:x-amz-server-side-encryption-aws-kms-key-id is not in its requests, so DenyOtherKeys goes',
    (text) => text.replace(/( +)- Sid: DenyOtherKeys\n(?:\1 .*\n)+/, ''),
  ],
};

/** The customer's template with the changes that the stack needs. */
export function customersTemplate(names) {
  const text = readFileSync(join(root, 'cloudformation/secure-inbox.yaml'), 'utf8');
  return names.reduce((changed, name) => customersChanges[name][1](changed), text);
}

/** Synthesizes Account A to a folder, with the changes that the stack needs: `{template, assets: [{key, folder}]}`. */
export async function synthesize(folder, names, moreContext = {}) {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const env = {
    ...plainEnvironment(),
    CDK_VALIDATION: 'false',
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, onboardedAccounts: '222222222222', ...moreContext }),
  };
  const made = await run(process.execPath, ['--import', 'tsx', 'bin/app.ts'], { cwd: root, env });
  if (made.status !== 0) throw new Error(`the CDK app failed: ${reasonOf(made)}`);
  const read = (file) => JSON.parse(readFileSync(join(folder, `SecureInboxConfigurationCheck.${file}.json`), 'utf8'));
  const template = names.reduce((changed, name) => changes[name][1](changed), read('template'));
  const assets = Object.values(read('assets').files)
    .filter(({ source }) => source.packaging === 'zip')
    .map(({ source, destinations }) => ({
      key: Object.values(destinations)[0].objectKey,
      folder: join(folder, source.path),
    }));
  return { template, assets };
}
