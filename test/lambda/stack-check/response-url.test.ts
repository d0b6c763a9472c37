import { responseUrl } from '../../../lambda/stack_check/response-url.ts';
import { configuration, recordedUrls, responseHost, responseUrlOf, stackId, stackIdOf } from './asking.ts';

const read = (url: string, stack = stackId, where: Partial<typeof configuration> = {}) =>
  responseUrl(url, stack, { ...configuration, ...where });

describe("CloudFormation's own URL", () => {
  it.each(recordedUrls().map((recorded) => [recorded.source, recorded] as const))(
    'is trusted as recorded: %s',
    (_, { url, stackId: stack, region }) => {
      expect(read(url, stack, { region })).toEqual({ trusted: true, url: new URL(url) });
    },
  );

  const own = responseUrlOf(stackId);

  it.each([
    ['us-east-1', 'useast1.s3.amazonaws.com'],
    ['us-east-1', 'useast1.s3.us-east-1.amazonaws.com'],
    ['us-east-1', 'useast1.s3.dualstack.us-east-1.amazonaws.com'],
    ['eu-west-1', 'euwest1.s3-eu-west-1.amazonaws.com'],
    ['us-gov-west-1', 'usgovwest1.s3.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', 'cnnorth1.s3.cn-north-1.amazonaws.com.cn'],
  ])('of %s is trusted on …-%s', (region, host) => {
    const stack = stackIdOf('222222222222', region);
    const url = responseUrlOf(stack).replace(responseHost, `cloudformation-custom-resource-response-${host}`);
    const urlSuffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    expect(read(url, stack, { region, urlSuffix }).trusted).toBe(true);
    expect(read(url, stack, { region: 'sa-east-1', urlSuffix }).trusted).toBe(false);
  });

  it.each<[string, string]>([
    ['plain HTTP', own.replace('https:', 'http:')],
    ['another protocol', own.replace('https:', 'ftp:')],
    ['no URL', 'cloudformation'],
    ['nothing', ''],
    ['another host', own.replace(responseHost, 'example.com')],
    ['the address of this machine', own.replace(responseHost, '127.0.0.1')],
    ["the address of an instance's metadata", own.replace(responseHost, '169.254.169.254')],
    ["an attacker's bucket", own.replace(responseHost, 'attacker.s3.amazonaws.com')],
    ['a bucket of nearly that name', own.replace('response-useast1', 'response-useast1x')],
    ["another Region's bucket", own.replace('response-useast1.s3.', 'response-uswest2.s3.us-west-2.')],
    ['the bucket at the address of another Region', own.replace('.s3.amazonaws', '.s3.us-west-2.amazonaws')],
    ['the host as a part of another', own.replace(responseHost, `${responseHost}.example.com`)],
    ['the host behind another', own.replace(responseHost, `example.com.${responseHost}`)],
    ['a final dot', own.replace(responseHost, `${responseHost}.`)],
    ['another partition', own.replace('amazonaws.com', 'amazonaws.com.cn')],
    [
      'the bucket in the path',
      own.replace(responseHost, 's3.amazonaws.com/cloudformation-custom-resource-response-useast1'),
    ],
    ['a user', own.replace('https://', 'https://user@')],
    ['a password', own.replace('https://', 'https://user:password@')],
    ['the host as a user', own.replace(responseHost, `${responseHost}@example.com`)],
    ['another port', own.replace(responseHost, `${responseHost}:8443`)],
    ['the usual port', own.replace(responseHost, `${responseHost}:443`)],
    ['a fragment', `${own}#fragment`],
    ['capital letters', own.replace('cloudformation-custom', 'CLOUDFORMATION-CUSTOM')],
    ['letters that only look alike', own.replace('cloudformation-custom', 'cloudformati\u043en-custom')],
    ['a backslash', own.replace(`${responseHost}/`, `${responseHost}\\@example.com/`)],
    ['a tab', own.replace('amazonaws', 'amazon\taws')],
    ['a line break', own.replace('?', '\r\nHost: example.com\r\n\r\n?')],
    ['a space in front', ` ${own}`],
    ["another stack's path", responseUrlOf(stackIdOf('333333333333'))],
    ['a longer stack id', own.replace('022501a2c456%7C', '022501a2c456x%7C')],
    ['a way out of the path', own.replace('com/arn', 'com/x/../arn').replace('/secure-inbox/', '/../secure-inbox/')],
    ['a path that cannot be decoded', own.replace('%7C', '%E0%A4%A')],
    ['no path', `https://${responseHost}/`],
  ])('is not a URL with %s', (_, url) => {
    const result = read(url);
    expect(result.trusted).toBe(false);
    // A reader of the log must not be able to answer on behalf of CloudFormation.
    expect(JSON.stringify(result)).not.toContain('X-Amz-Signature');
  });
});
