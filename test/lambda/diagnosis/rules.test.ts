import { askedIn } from '../../../core/advice/asked.ts';
import { readMessage } from '../../../core/aws-words/message.ts';
import { reportSchema } from '../../../core/report.ts';
import { diagnose } from '../../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import { ruleFor, rules } from '../../../lambda/customer_configuration_check/diagnosis/rules.ts';
import { checked } from './delivery-in-trouble.ts';
import { ruleCases } from './rule-cases.ts';

/** Rules for texts about unknown buckets and keys, and about access points, which a delivery never uses. */
const withoutDelivery = ['unexplained', 'opaque', 'access-point-explicit', 'access-point-implicit'];

describe('what each kind of answer proves', () => {
  test('every rule has a case, and a source', () => {
    expect(new Set([...ruleCases.map(({ rule }) => rule), ...withoutDelivery])).toEqual(
      new Set(rules.map(({ id }) => id)),
    );
    for (const { id, source } of rules)
      expect([id, source]).toEqual([id, expect.stringMatching(/^https:\/\/docs\.aws\.amazon\.com\//)]);
  });

  test.each(ruleCases)(
    '$rule at $step',
    async ({ rule, step, answer, of, confidence, denial, absent = [], candidates }) => {
      const input = checked({ [step]: answer }, of);
      const message = readMessage(answer.message, answer.code ?? 'AccessDenied');
      const asked = input.steps.filter((one) => one.step === step).map((one) => askedIn(input, one, message));
      expect(asked.map((one) => ruleFor(message, one)?.id)).toEqual([rule]);

      const [diagnosis, ...others] = await diagnose(input);
      expect(others).toEqual([]);
      expect(diagnosis).toMatchObject({ step, confidence, denial });
      for (const property of absent) expect(diagnosis?.denial).not.toHaveProperty(property);
      expect(diagnosis?.candidates.map(({ layer }) => layer)).toEqual(candidates);
      expect(diagnosis?.evidence[0]?.detail).toContain(answer.message);
    },
  );

  test.each(ruleCases)('$rule at $step is a valid diagnosis of a report, unverified', async ({ step, answer, of }) => {
    const [diagnosis] = await diagnose(checked({ [step]: answer }, of));
    expect(reportSchema.shape.diagnoses.safeParse([diagnosis]).error).toBeUndefined();
    expect(diagnosis?.remedy?.verified).toBeUndefined();
  });

  test('nothing is proven while another explanation is listed', async () => {
    for (const { step, answer, of } of ruleCases) {
      for (const { confidence, candidates } of await diagnose(checked({ [step]: answer }, of))) {
        if (confidence === 'proven') expect(candidates).toEqual([]);
      }
    }
  });
});
