import {
  type Fact,
  type Hypotheses,
  weigh,
} from '../../../lambda/customer_configuration_check/diagnosis/explanation.ts';

const bucketPolicy = { layer: 'bucket-policy', action: 's3:PutObject', why: 'usual' } as const;
const identityPolicy = { layer: 'identity-policy', action: 's3:PutObject', why: 'possible' } as const;
const scp = { layer: 'service-control-policy', action: 's3:PutObject', why: 'rare' } as const;

const open: Hypotheses = {
  explanations: [bucketPolicy, identityPolicy, scp],
  confidence: 'inferred',
  exhaustive: false,
};
const closed: Hypotheses = { ...open, exhaustive: true };
const told: Hypotheses = { explanations: [identityPolicy], confidence: 'proven', exhaustive: true };

function fact(
  verdict: 'excludes' | 'weakens' | 'supports' | 'proves',
  layer: 'bucket-policy' | 'identity-policy' | 'service-control-policy',
): Fact {
  return { source: 'policy-simulator', detail: 'asked', bearing: { on: { layer }, verdict } };
}

test('without facts the first explanation is used and the others are candidates', () => {
  expect(weigh(open, [])).toEqual([
    { explanation: bucketPolicy, candidates: [identityPolicy, scp], confidence: 'inferred' },
  ]);
});

test('an open question changes nothing', () => {
  expect(weigh(open, [{ source: 'probe', detail: 'the probe was throttled' }])).toEqual(weigh(open, []));
});

test('an excluded explanation is gone, and the next one comes first', () => {
  const [{ explanation, candidates }] = weigh(open, [fact('excludes', 'bucket-policy')]);
  expect([explanation, candidates]).toEqual([identityPolicy, [scp]]);
});

test('a supported explanation comes first but is not proven', () => {
  const [{ explanation, candidates, confidence }] = weigh(open, [fact('supports', 'service-control-policy')]);
  expect([explanation, candidates, confidence]).toEqual([scp, [bucketPolicy, identityPolicy], 'inferred']);
});

test('a weakened explanation comes last, and stays a candidate', () => {
  const [{ explanation, candidates }] = weigh(open, [fact('weakens', 'bucket-policy')]);
  expect([explanation, candidates]).toEqual([identityPolicy, [scp, bucketPolicy]]);
});

test('a weakened explanation is not excluded, so nothing is proven', () => {
  const [{ confidence }] = weigh(closed, [fact('weakens', 'bucket-policy'), fact('weakens', 'identity-policy')]);
  expect(confidence).toBe('inferred');
});

test("a fact that distinguishes a Deny from a missing Allow sets the explanation's effect", () => {
  const telling: Fact = {
    source: 'policy-simulator',
    detail: 'asked',
    bearing: { on: { layer: 'identity-policy' }, verdict: 'proves', effect: 'explicit' },
  };
  expect(weigh(open, [telling])[0].explanation).toEqual({ ...identityPolicy, effect: 'explicit' });
});

test('what AWS names stays a likely fault next to a proven one, unless a fact contradicts it', () => {
  const named: Hypotheses = { ...closed, namedByAws: true };
  const proof = fact('proves', 'identity-policy');
  const inShort = (facts: readonly Fact[]) =>
    weigh(named, facts).map(({ explanation, confidence }) => [explanation, confidence]);
  expect(inShort([proof])).toEqual([
    [identityPolicy, 'proven'],
    [bucketPolicy, 'inferred'],
  ]);
  for (const verdict of ['excludes', 'weakens'] as const) {
    expect(inShort([proof, fact(verdict, 'bucket-policy')])).toEqual([[identityPolicy, 'proven']]);
  }
  expect(weigh(closed, [proof])).toHaveLength(1);
});

test('the last remaining explanation is proven only if there can be no other', () => {
  const others = [fact('excludes', 'bucket-policy'), fact('excludes', 'identity-policy')];
  expect(weigh(closed, others)).toEqual([{ explanation: scp, candidates: [], confidence: 'proven' }]);
  expect(weigh(open, others)).toEqual([{ explanation: scp, candidates: [], confidence: 'inferred' }]);
});

test('each proven explanation is a separate fault', () => {
  const both = weigh(open, [fact('proves', 'identity-policy'), fact('proves', 'service-control-policy')]);
  expect(both.map(({ explanation, confidence }) => [explanation, confidence])).toEqual([
    [identityPolicy, 'proven'],
    [scp, 'proven'],
  ]);
});

test('facts that contradict each other prove nothing', () => {
  const [{ confidence }] = weigh(open, [fact('proves', 'identity-policy'), fact('excludes', 'identity-policy')]);
  expect(confidence).toBe('inferred');
  const none = (['bucket-policy', 'identity-policy', 'service-control-policy'] as const).map((layer) =>
    fact('excludes', layer),
  );
  expect(weigh(closed, none)).toEqual([
    { explanation: bucketPolicy, candidates: [identityPolicy, scp], confidence: 'unknown' },
  ]);
});

test('a fact against what AWS names makes it unproven, but does not hide it', () => {
  expect(weigh(told, [])).toEqual([{ explanation: identityPolicy, candidates: [], confidence: 'proven' }]);
  const [{ explanation, confidence }] = weigh(told, [fact('excludes', 'identity-policy')]);
  expect(explanation).toEqual(identityPolicy);
  expect(confidence).not.toBe('proven');
});

test('a fact only affects explanations that match all of it', () => {
  const ofAnotherAction: Fact = {
    source: 'policy-simulator',
    detail: 'asked',
    bearing: { on: { layer: 'bucket-policy', action: 's3:PutObjectAcl' }, verdict: 'excludes' },
  };
  expect(weigh(open, [ofAnotherAction])).toEqual(weigh(open, []));
});
