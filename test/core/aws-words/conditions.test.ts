import { type ConditionWords, conditions } from '../../../core/aws-words/conditions.ts';
import { readMessage } from '../../../core/aws-words/message.ts';
import { lumped, notAuthorized, policyTypeOf, reasons } from '../../../core/aws-words/reasons.ts';
import { layerRow, layers } from '../../../core/layers.ts';
import { effects, type Layer, namesOf } from '../../../core/vocabulary.ts';

const key = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';
const role = 'arn:aws:iam::111111111111:role/delivery';

/** Each text of a row, with names that AWS would insert. */
function textsOf({ says = { code: '', status: 0 }, reason }: ConditionWords): readonly string[] {
  const { code: _, status: __, ...messages } = says;
  const names = (name: string) =>
    name === 'ofAlias' ? 'arn:aws:kms:us-east-1:222222222222:alias/inbox' : name === 'ofNoKeyId' ? 'x' : key;
  return [
    ...Object.entries(messages).map(([name, text]) =>
      typeof text === 'function'
        ? (text as (...all: string[]) => string)(names(name), 'deletion', 'Decrypt')
        : `${text}`,
    ),
    ...(reason === undefined
      ? []
      : [notAuthorized(role, 's3:PutObject', 'resource: "arn:aws:s3:::inbox/report"', reason)]),
  ];
}

const said = Object.entries(conditions).flatMap(([name, row]: [string, ConditionWords]) =>
  name === 'keyOfOtherRegion'
    ? [{ name, text: 'Invalid arn us-west-2', row }]
    : textsOf(row).map((text) => ({ name, text, row })),
);

test.each(said)("the sandbox's message about $name is recognized: $text", ({ text, row: { layer, subject, says } }) => {
  // S3 returns KMS's codes with a prefix.
  const code = says && (subject === 'key' ? `KMS.${says.code}` : says.code);
  expect(readMessage(text, code)).toMatchObject({
    wording: 'condition',
    ...(layer && { layer }),
    ...(subject && { subject }),
  });
});

const policies = namesOf(layers).filter((layer) => policyTypeOf(layer) !== undefined);

test('there is wording for every layer that is a policy, except grants', () => {
  expect(new Set(policies)).toEqual(
    new Set(namesOf(layers).filter((layer) => layerRow(layer).is === 'policy' && layer !== 'key-grant')),
  );
});

describe.each(namesOf(effects))('an %s refusal', (effect) => {
  test.each(policies)('by the %s is recognized', (layer) => {
    const action =
      ({ 'key-policy': 'kms:Decrypt', 'role-trust-policy': 'sts:AssumeRole' } as Partial<Record<Layer, string>>)[
        layer
      ] ?? 's3:PutObject';
    const type = policyTypeOf(layer);
    const text = type && notAuthorized(role, action, `resource: ${key}`, reasons[effect].says(type, action));
    // For RestrictPublicBuckets, the wording is that of the bucket policy.
    const read = layer === 'block-public-access' ? 'bucket-policy' : layer;
    expect(readMessage(text ?? '')).toMatchObject({ wording: 'named', layer: read, effect, action, principal: role });
  });
});

test("KMS's message about another account's key is recognized", () => {
  expect(readMessage(notAuthorized(role, 'kms:Decrypt', 'this resource', lumped.says))).toMatchObject({
    wording: 'lumped',
  });
});
