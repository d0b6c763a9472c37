import { parseArn } from '../../core/arn.ts';
import { parseTestEvent, type TestEvent } from '../../core/event.ts';
import { valueAt } from '../../core/json.ts';
import type { GivenOutputs } from './given-outputs.ts';
import type { ServiceValues } from './service-side.ts';

export interface Customer {
  readonly customer: string;
  readonly account: string;
  readonly region: string;
  readonly prefix?: string;
}

type Registration =
  | { readonly valid: true; readonly event: TestEvent; readonly notes: readonly string[] }
  | { readonly valid: false; readonly problems: readonly string[] };

/**
 * Checks that a customer's outputs can be registered. They come from outside, so each field that the service knows must
 * match. Otherwise the check would use another role or internal bucket in the test event.
 *
 * @param shipped the version of the shipped template
 */
export async function registrationOf(
  { source, event, outputs }: GivenOutputs,
  wanted: Customer,
  service: ServiceValues,
  shipped: string,
): Promise<Registration> {
  const serviceAccountId = parseArn(service.deliveryRoleArn ?? '')?.accountId;
  const parsed = await parseTestEvent(event, {
    region: service.region ?? wanted.region,
    internalBucket: service.internalBucket ?? 'known-to-the-function',
    ...(service.deliveryRoleArn !== undefined && { deliveryRoleArn: service.deliveryRoleArn }),
    ...(serviceAccountId !== undefined && { accountId: serviceAccountId }),
    inboxesInThisAccount: service.inboxesInThisAccount === true,
  });
  const version = versionOf(outputs['TemplateVersion'], shipped);
  const invalid = parsed.valid ? [] : parsed.problems;
  const problems = [
    ...(version.known ? [] : [`TemplateVersion: ${version.problem}`]),
    ...expectationsOf(wanted, service, event).flatMap(({ path, expected, because }) => {
      const found = valueAt(event, path.split('.'));
      const isAbsent = found === undefined && expected.includes('');
      const isMalformed = invalid.some((problem) => problem.path === path);
      if (isAbsent || isMalformed || expected.some((value) => value === found)) return [];
      const allowed = expected.filter((value) => value !== '').map((value) => JSON.stringify(value));
      const orNone = expected.includes('') ? [...allowed, 'no such field'] : allowed;
      return [`${path}: is ${JSON.stringify(found) ?? 'missing'}. Allowed: ${orNone.join(', or ')}, ${because}`];
    }),
    ...invalid.map(({ path, found, allowed, fix }) => `${path || 'event'}: ${found} Allowed: ${allowed}. ${fix}`),
  ];
  if (!parsed.valid || problems.length > 0) {
    return { valid: false, problems: problems.map((problem) => `${source}: ${problem}`) };
  }
  const notes = version.known ? version.notes : [];
  return { valid: true, event: parsed.event, notes: [...notes, ...statementsToAdd(outputs)] };
}

interface Expectation {
  readonly path: string;
  /** `''` if the field may be absent or empty. */
  readonly expected: readonly string[];
  readonly because: string;
}

function expectationsOf(
  { customer, account, region, prefix }: Customer,
  service: ServiceValues,
  event: unknown,
): readonly Expectation[] {
  const { deliveryRoleArn, internalBucket, serviceKeyArn } = service;
  const anotherStack = 'Are these the outputs of another stack? Else give the option as the stack says.';
  const isOurs = (option: string) =>
    `which is the service's own. Have the field corrected; if the service has changed, ${option} says so.`;
  const rows: readonly (readonly [path: string, expected: readonly (string | undefined)[], because: string])[] = [
    ['customer', [customer], `as --customer says. ${anotherStack}`],
    ['inbox.accountId', [account], `as --account says. ${anotherStack}`],
    ['inbox.region', [region], `as --region says. ${anotherStack}`],
    ['inbox.prefix', [prefix], `as --prefix says. ${anotherStack}`],
    ['deliveryRoleArn', [deliveryRoleArn, ''], isOurs('--delivery-role-arn')],
    ['internal.bucket', [internalBucket, ''], isOurs('--internal-bucket')],
    // Without the field, the customer's own key is used.
    [
      'internal.kmsKeyArn',
      [serviceKeyArn, ...texts(valueAt(event, ['inbox', 'kmsKeyArn'])), ''],
      isOurs('--service-key-arn'),
    ],
  ];
  return rows.flatMap(([path, expected, because]) => {
    const known = expected.filter((value) => value !== undefined);
    return known.length < expected.length ? [] : [{ path, expected: known, because }];
  });
}

function texts(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}

/** The statements that the customer must add, because the stack can't write policies of existing resources. */
function statementsToAdd(outputs: GivenOutputs['outputs']): readonly string[] {
  return [
    ['BucketPolicyToAdd', 'bucket'],
    ['KeyPolicyToAdd', 'key'],
  ].flatMap(([output = '', what = '']) =>
    outputs[output] === undefined
      ? []
      : [
          `The stack uses a ${what} that was there before: until the customer has added the output ${output} to the policy of that ${what}, deliveries are denied.`,
        ],
  );
}

type TemplateVersion =
  | { readonly known: true; readonly notes: readonly string[] }
  | { readonly known: false; readonly problem: string };

/**
 * Describes a stack that was created from another version of the template.
 *
 * @param stated the stack's output TemplateVersion; absent if only a test event was given
 * @param shipped the version of the shipped template
 */
function versionOf(stated: string | undefined, shipped: string): TemplateVersion {
  if (stated === undefined || stated === shipped) return { known: true, notes: [] };
  const [number, latest] = [stated, shipped].map((text) => (/^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN));
  if (number !== undefined && latest !== undefined && number < latest) {
    return {
      known: true,
      notes: [
        `The stack was made from version ${stated} of the template; ${shipped} is the current one. Its test event is still good. Send the customer the current template when it suits: docs/upgrading.md says what an update changes.`,
      ],
    };
  }
  return {
    known: false,
    problem: `is ${JSON.stringify(stated)}. Allowed: 1 to ${shipped}, which is the version of cloudformation/secure-inbox.yaml here. A later one may need what this version of secure-inbox does not know: update it, then try again.`,
  };
}
