import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  accountArn,
  arnPattern,
  bucketArn,
  dnsSuffixOf,
  functionArn,
  keyArn,
  objectArn,
  parseArn,
  partitionIn,
  partitionOf,
  roleArn,
  serviceName,
  sessionArn,
  viaS3,
} from '../../core/arn.ts';
import { projectRoot } from '../lib/synthesized.ts';

describe.each([
  ['us-east-1', 'aws', 'amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
  ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
])('in %s', (region, partition, suffix) => {
  it('names partition, endpoints and resources', () => {
    expect(partitionOf(region)).toBe(partition);
    expect(dnsSuffixOf(region)).toBe(suffix);
    expect(viaS3(region)).toBe(`s3.${region}.${suffix}`);
    expect(keyArn(region, '111111111111', 'mrk-1')).toBe(`arn:${partition}:kms:${region}:111111111111:key/mrk-1`);
    expect(functionArn(region, '111111111111', 'check')).toBe(
      `arn:${partition}:lambda:${region}:111111111111:function:check`,
    );
  });

  it('finds its ARNs with a pattern, and parses them', () => {
    const arn = objectArn(partition, 'inbox', 'reports/a:b');
    expect(arnPattern(/s3:::[a-z]+\/.+/).test(arn)).toBe(true);
    expect(arnPattern(/s3:::[a-z]+\/.+/).test(` ${arn}`)).toBe(false);
    expect(arnPattern(/s3:::[a-z]+/, { anchored: false }).exec(`see ${arn}.`)?.[0]).toBe(bucketArn(partition, 'inbox'));
    expect(parseArn(arn)).toEqual({
      partition,
      service: 's3',
      region: '',
      accountId: '',
      resource: 'inbox/reports/a:b',
    });
    expect(partitionIn(arn)).toBe(partition);
  });

  it('keeps the partition in the sessions of a role, and leaves out the path', () => {
    const role = roleArn(partition, '111111111111', 'path/to/deliver');
    expect(sessionArn(role, 'check')).toBe(`arn:${partition}:sts::111111111111:assumed-role/deliver/check`);
    expect(accountArn(partition, '111111111111')).toBe(`arn:${partition}:iam::111111111111:root`);
  });
});

it('uses the same names for services everywhere', () => {
  expect(serviceName('kms')).toBe('kms.amazonaws.com');
});

/** Names that are the same in every partition, so they may be written anywhere. */
const constants: Readonly<Record<string, RegExp>> = {
  'core/arn.ts': /./,
  // A condition key of federated users with the same name everywhere.
  'model/policies/context-keys.ts': /cognito-identity\.amazonaws\.com:/,
  // XML namespaces of APIs, and of the groups that an ACL may name.
  'sandbox/s3/acl.ts': /'http:\/\/acs\.amazonaws\.com\/groups\/'/,
  'sandbox/s3/operation.ts': /'http:\/\/s3\.amazonaws\.com\/doc\//,
  'sandbox/wire/protocol.ts': /'https?:\/\/\w+\.amazonaws\.com\/doc\//,
};

it('leaves ARNs and endpoints to one file', () => {
  // policy/ imports nothing from the project, and takes partitions from the request.
  const written = ['core', 'model', 'lambda', 'lib', 'sandbox', 'cli', 'bin'].flatMap(linesOfCode);
  expect(written.length).toBeGreaterThan(10_000);
  const byHand = written.filter(
    ({ file, line }) => /arn:aws|arn:\$\{[^}]*\}:|amazonaws\.com/.test(line) && constants[file]?.test(line) !== true,
  );
  expect(byHand.map(({ file, line }) => `${file}: ${line.trim()}`)).toEqual([]);
});

it('allows no constant that no longer exists', () => {
  const stale = Object.entries(constants).filter(
    ([file, known]) => !linesIn(file).some((line) => /amazonaws\.com/.test(line) && known.test(line)),
  );
  expect(stale.map(([file]) => file)).toEqual([]);
});

function linesOfCode(folder: string): readonly { readonly file: string; readonly line: string }[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => join(folder, name))
    .flatMap((file) => linesIn(file).map((line) => ({ file, line })));
}

/** The file's lines without comments. */
function linesIn(file: string): readonly string[] {
  return readFileSync(join(projectRoot, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ''));
}
