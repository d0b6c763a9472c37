import { presigned } from '../../../lambda/stack_check/presigned.ts';
import { recordedUrls, responseUrlOf, signedAt, stackId } from './asking.ts';

const own = responseUrlOf(stackId);
const ask = (url: string, now = signedAt, region = 'us-east-1') => presigned(new URL(url), region, now);
const laterBy = (seconds: number) => new Date(signedAt.getTime() + seconds * 1_000);

describe("CloudFormation's own URL", () => {
  const whole = recordedUrls().filter(({ url }) => new URL(url).search !== '');

  it.each(whole.map((recorded) => [recorded.source, recorded] as const))(
    'can be answered at its time, as recorded, but not later: %s',
    (_, { url, region }) => {
      const query = new URL(url).searchParams;
      const date = query.get('X-Amz-Date')?.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:');
      const signed = date ? new Date(date) : new Date((Number(query.get('Expires')) - 7_200) * 1_000);
      expect(ask(url, signed, region)).toBeUndefined();
      expect(ask(url, new Date(signed.getTime() + 7_200_000), region)).toBe('ResponseURL has expired.');
    },
  );

  it.each([-600, 0, 7_199])('can be answered %d seconds after it was signed', (seconds) => {
    expect(ask(own, laterBy(seconds))).toBeUndefined();
  });

  it('may have more parameters, such as a token', () => {
    expect(ask(`${own}&X-Amz-Security-Token=token&x-id=PutObject`)).toBeUndefined();
  });
});

describe('a URL that cannot be answered', () => {
  const names = [...new URL(own).searchParams.keys()];
  const without = (name: string) => {
    const url = new URL(own);
    url.searchParams.delete(name);
    return url.href;
  };
  const changed = (name: string, value: string) => {
    const url = new URL(own);
    url.searchParams.set(name, value);
    return url.href;
  };

  it.each<[string, string, Date?]>([
    ['has no query', new URL(own).origin + new URL(own).pathname],
    ...names.map((name): [string, string] => [`lacks ${name}`, without(name)]),
    ...names.map((name): [string, string] => [`has nothing as ${name}`, changed(name, '')]),
    ...names.map((name): [string, string] => [`has ${name} twice`, `${own}&${name}=again`]),
    ['is signed otherwise', changed('X-Amz-Algorithm', 'AWS4-ECDSA-P256-SHA256')],
    ['is of no time', changed('X-Amz-Date', 'yesterday')],
    ['is of a day that there is not', changed('X-Amz-Date', '20261399T120000Z')],
    ['is for another Region', changed('X-Amz-Credential', 'AKIA/20261121/us-west-2/s3/aws4_request')],
    ['is for another day', changed('X-Amz-Credential', 'AKIA/20261120/us-east-1/s3/aws4_request')],
    ['is for another service', changed('X-Amz-Credential', 'AKIA/20261121/us-east-1/iam/aws4_request')],
    ['is of nobody', changed('X-Amz-Credential', '/20261121/us-east-1/s3/aws4_request')],
    ['is good for ever', changed('X-Amz-Expires', '604801')],
    ['is good for no time', changed('X-Amz-Expires', '-1')],
    ['has expired', own, laterBy(7_200)],
    ['is of a time to come', own, laterBy(-901)],
    ['has expired by version 2', `${new URL(own).origin}/x?AWSAccessKeyId=AKIA&Expires=1555451971&Signature=28Uij`],
  ])('%s', (...[, url, now]) => {
    const why = ask(url, now);
    expect(why).toMatch(/ResponseURL/);
    expect(why).not.toContain('7ef285ecc786');
  });
});
