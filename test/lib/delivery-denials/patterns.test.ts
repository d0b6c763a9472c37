import { checkIn } from '../../lambda/diagnosis/checked-world.ts';
import { matches } from './event-pattern.ts';
import { denialsTemplate, eventPattern } from './stack.ts';
import { asEvent, type CloudTrailEvent, type CloudTrailRecord, deliver, deniedIn } from './trail.ts';

const template = denialsTemplate();
const ofKeys = eventPattern(template, 'KMS denied a key to a real delivery');
const ofTheRole = eventPattern(template, 'STS denied the delivery role to a caller');
const session = ({ detail }: CloudTrailEvent) =>
  (detail['userIdentity'] as { readonly arn: string }).arn.split('/').at(-1);

describe("a key that is denied to the delivery role's sessions", () => {
  test.each([
    ['at once', 'key-policy/generate-data-key-denied.yaml'],
    ['at the copy', 'key-policy/inbox-denied.yaml'],
  ])('%s is followed up for the application and never for the check', async (_, scenario) => {
    const { world, report } = await checkIn(scenario, { event: { diagnosis: 'full' } });
    expect(report.verdict).toBe('denied');
    const ofTheCheck = deniedIn(world);
    expect(new Set(ofTheCheck.map(session))).toContain('check-acme');
    // Otherwise each denied check would start the next one, forever.
    expect(ofTheCheck.filter((event) => matches(ofKeys, event) || matches(ofTheRole, event))).toEqual([]);

    const ofTheApplication = await deliver(world);
    expect(ofTheApplication.map(session)).toEqual(['report-4711']);
    expect(ofTheApplication.map((event) => matches(ofKeys, event))).toEqual([true]);
    expect(ofTheApplication.map((event) => matches(ofTheRole, event))).toEqual([false]);
  });

  test('is not followed up if the check is denied the role either', async () => {
    const { world, report } = await checkIn('role-trust-policy/denied.yaml');
    expect(report.deniedStep).toBe('assume-delivery-role');
    const ofTheCheck = deniedIn(world);
    expect(ofTheCheck.map(({ detail }) => detail['eventName'])).toContain('AssumeRole');
    expect(ofTheCheck.filter((event) => matches(ofKeys, event) || matches(ofTheRole, event))).toEqual([]);
  });

  test('is not a denial if the key is allowed', async () => {
    const { world } = await checkIn('everything-in-order.yaml');
    await deliver(world);
    const all = world.trail.map(({ record }) => asEvent(record));
    expect(all.length).toBeGreaterThan(6);
    expect(all.filter((event) => matches(ofKeys, event) || matches(ofTheRole, event))).toEqual([]);
  });
});

/** The sandbox's records. Other tests compare these with CloudTrail's documentation. */
function refused(detail: CloudTrailRecord): CloudTrailEvent {
  return asEvent({ eventTime: '2026-11-21T12:00:00Z', errorCode: 'AccessDenied', eventID: '1', ...detail });
}
const sessionOf = (role: string, name: string) => ({
  type: 'AssumedRole',
  arn: `arn:aws:sts::111111111111:assumed-role/${role}/${name}`,
  sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::111111111111:role/${role}` } },
});

describe('following up a denied key', () => {
  const kms = { eventSource: 'kms.amazonaws.com', eventName: 'GenerateDataKey' };
  test.each([
    ['a session that is called otherwise', sessionOf('secure-inbox-delivery', 'checkout'), true],
    ['the check of any customer', sessionOf('secure-inbox-delivery', 'check-report-4711'), false],
    ["another role's session", sessionOf('somebody', 'report-4711'), false],
    ["another deployment's session", sessionOf('secure-inbox-delivery-staging', 'report-4711'), false],
    ['a user', { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/somebody' }, false],
  ])('to %s', (_, userIdentity, expected) => {
    expect(matches(ofKeys, refused({ ...kms, userIdentity }))).toBe(expected);
  });

  test('for a reason other than a policy', () => {
    const userIdentity = sessionOf('secure-inbox-delivery', 'report-4711');
    expect(matches(ofKeys, refused({ ...kms, userIdentity, errorCode: 'ThrottlingException' }))).toBe(false);
  });
});

describe('counting a denied delivery role', () => {
  const roleArn = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';
  const application = sessionOf('reports-application', 'i-0a1b2c3d');
  const message = (role: string, reason = '') =>
    `User: ${application.arn} is not authorized to perform: sts:AssumeRole on resource: ${role}${reason}`;
  const sts = { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', userIdentity: application };

  test.each([
    ['with the parameters of the call', { requestParameters: { roleArn }, errorMessage: 'Refused.' }, true],
    ['by its message', { requestParameters: null, errorMessage: message(roleArn) }, true],
    ['by a message with a reason', { errorMessage: message(roleArn, ' with an explicit deny in a policy') }, true],
    ['where it is the beginning of another name', { errorMessage: message(`${roleArn}-staging`) }, false],
    ['where it is another role', { requestParameters: { roleArn: `${roleArn}-staging` } }, false],
    [
      'to the check',
      { requestParameters: { roleArn }, userIdentity: sessionOf('customer_configuration_check', 'x') },
      false,
    ],
    ['at another call', { eventName: 'TagSession', requestParameters: { roleArn } }, false],
  ])('%s', (_, detail, expected) => {
    expect(matches(ofTheRole, refused({ ...sts, ...detail }))).toBe(expected);
    expect(matches(ofKeys, refused({ ...sts, ...detail }))).toBe(false);
  });
});
