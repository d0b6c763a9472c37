import { contextKeys, rowsOf } from '../../../model/policies/context-keys.ts';
import { requestFacts } from '../../../model/policies/request-facts.ts';

it('has each key once for each kind of request and each fact that its value depends on', () => {
  const all = contextKeys.flatMap(({ key, on, fact = '' }) =>
    (on.length === 0 ? ['never'] : on).map((kind) => `${key.toLowerCase()} ${kind} ${fact}`),
  );
  const twice = all.filter((one, at) => all.indexOf(one) !== at);
  expect(twice).toEqual([]);
});

it('names an AWS page for every key', () => {
  expect(contextKeys.filter(({ source }) => !source.startsWith('https://docs.aws.amazon.com/'))).toEqual([]);
});

it('finds keys in any case, and families by prefix', () => {
  const keysOf = (key: string) => rowsOf(key).map((row) => row.key.toLowerCase());
  expect(keysOf('AWS:SOURCEIP')).toEqual(['aws:sourceip']);
  expect(keysOf('aws:PrincipalTag/Team/x')).toEqual(['aws:principaltag/']);
  expect(keysOf('kms:EncryptionContext:aws:s3:arn')).toEqual(['kms:encryptioncontext:']);
  expect(keysOf('kms:EncryptionContextKeys')).toEqual(['kms:encryptioncontextkeys']);
  expect(keysOf('aws:PrincipalTags')).toEqual([]);
});

it('has a key for every fact except the two that are not keys', () => {
  const used = new Set(contextKeys.map(({ fact }) => fact));
  const unused = Object.keys(requestFacts).filter((fact) => !used.has(fact as keyof typeof requestFacts));
  expect(unused).toEqual(['blockPublicAccess', 'fullAwsAccess']);
});
