import { verdicts } from '../../core/vocabulary.ts';
import type { StackCheckConfiguration } from '../../lambda/stack_check/configuration.ts';
import { testEventIn } from '../../lambda/stack_check/test-event.ts';
import { here, homeRegion } from '../here.ts';
import {
  checkTopicArn,
  deployed,
  existingBucket,
  existingKeyArn,
  furtherRoleArn,
  given,
  readerArn,
  section,
  senderKeyArn,
} from './deployed.ts';

type Parameters = Readonly<Record<string, string>>;

const checked = { CheckTopicArn: checkTopicArn };
const configuration = {
  region: here('us-east-1'),
  internalBucket: given.SenderInternalBucketName,
  serviceKmsKeyArn: senderKeyArn,
} satisfies Partial<StackCheckConfiguration>;

/** CloudFormation's request to the service. */
function asked(parameters: Parameters = {}): Readonly<Record<string, unknown>> | undefined {
  return deployed({ ...checked, ...parameters }).resources.find(({ logicalId }) => logicalId === 'DeliveryCheck')
    ?.properties;
}

describe('the check as the last step', () => {
  it('is created only if the service has provided a topic', () => {
    expect(deployed().types).not.toContain('Custom::SecureInboxCheck');
    expect(deployed(checked).types).toContain('Custom::SecureInboxCheck');
    expect(asked()).toMatchObject({ ServiceToken: checkTopicArn, FailOnDenied: 'no' });
  });

  it.each<[string, Parameters]>([
    ['by default', {}],
    ['with a prefix', { Prefix: 'reports/' }],
    ["with the service's own key", { SenderKeyArn: senderKeyArn }],
    ['with an existing bucket and key', { ...existingBucket, ExistingKeyArn: existingKeyArn }],
  ])('sends the test event that the stack prints, which is accepted, %s', async (_, parameters) => {
    const properties = asked(parameters) ?? {};
    const printed: unknown = JSON.parse(deployed(parameters).outputs['TestEvent'] ?? '');
    expect(properties['TestEvent']).toEqual(printed);
    expect(await testEventIn(properties, '222222222222', configuration, async () => undefined)).toEqual({
      valid: true,
      event: printed,
    });
  });

  it('comes after all that it needs', () => {
    const { DependsOn, Properties } = section('Resources')['DeliveryCheck'] ?? {};
    expect(DependsOn).toBeUndefined();
    for (const needed of ['{"Fn::GetAtt":"InboxKey.Arn"}', '{"Ref":"InboxKeyAlias"}', '{"Ref":"InboxBucketPolicy"}']) {
      expect(JSON.stringify(Properties)).toContain(needed);
    }
    // The bucket's policy comes after the bucket.
    expect(JSON.stringify(section('Resources')['InboxBucketPolicy'])).toContain('{"Ref":"InboxBucket"}');
  });

  it('is never deleted, so that the stack can be, whatever happened to the service', () => {
    expect(section('Resources')['DeliveryCheck']).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });
});

describe('an update', () => {
  it.each<[string, Parameters]>([
    ['CustomerName', { CustomerName: 'acme-corp' }],
    ['DeliveryRoleArn', { DeliveryRoleArn: furtherRoleArn }],
    ['MoreDeliveryRoleArns', { MoreDeliveryRoleArns: furtherRoleArn }],
    ['SenderInternalBucketName', { SenderInternalBucketName: 'another' }],
    ['SenderKeyArn', { SenderKeyArn: senderKeyArn }],
    ['BucketOrigin', existingBucket],
    ['BucketName', { BucketName: 'acme-inbox' }],
    ['Prefix', { Prefix: 'reports/' }],
    ['ExistingKeyArn', { ExistingKeyArn: existingKeyArn }],
    ['FailOnDenied', { FailOnDenied: 'yes' }],
    ['CheckSerial', { CheckSerial: '2' }],
  ])('of %s checks again', (_, parameters) => {
    expect(asked(parameters)).not.toEqual(asked());
  });

  it.each<[string, Parameters]>([
    ['RetentionDays', { RetentionDays: '90' }],
    ['AccessLogBucketName', { AccessLogBucketName: 'acme-access-logs' }],
    ['ReaderArns', { ReaderArns: readerArn }],
  ])('of %s, which no delivery depends on, does not', (_, parameters) => {
    expect(asked(parameters)).toEqual(asked());
  });

  it('to another version of the template does', () => {
    const { TemplateVersion } = section('Metadata')['SecureInbox'] ?? {};
    expect(asked()?.['CheckedWith']).toMatchObject({ TemplateVersion });
  });
});

describe('the outputs', () => {
  it("contain the service's answer", () => {
    const { CheckVerdict, CheckResult } = section('Outputs');
    expect([CheckVerdict?.['Value'], CheckResult?.['Value']]).toEqual([
      { 'Fn::GetAtt': 'DeliveryCheck.Verdict' },
      { 'Fn::GetAtt': 'DeliveryCheck.Result' },
    ]);
  });

  it('say in the sandbox, which sends no request, that nothing was checked', () => {
    const { CheckVerdict = '', CheckResult } = deployed(checked).outputs;
    expect(Object.keys(verdicts)).toContain(CheckVerdict);
    expect([CheckVerdict, CheckResult]).toEqual(['inconclusive', expect.any(String)]);
  });

  it('are absent without a check', () => {
    expect(Object.keys(deployed().outputs).filter((name) => name.startsWith('Check'))).toEqual([]);
  });

  it('say why nothing is checked if the topic is in another Region, which CloudFormation cannot reach', () => {
    const { types, outputs } = deployed({ CheckTopicArn: checkTopicArn.replace(homeRegion, here('eu-west-1')) });
    expect(types).not.toContain('Custom::SecureInboxCheck');
    expect(Object.keys(outputs).filter((name) => name.startsWith('Check'))).toEqual(['CheckTopicInAnotherRegion']);
    expect(outputs['CheckTopicInAnotherRegion']).toContain(
      here('a topic of us-east-1 instead of arn:aws:sns:eu-west-1:'),
    );
  });
});

describe('parameters', () => {
  it.each([
    ['CheckTopicArn', 'secure-inbox-check'],
    ['CheckTopicArn', here('arn:aws:lambda:us-east-1:111111111111:function:customer_configuration_check')],
    ['FailOnDenied', 'true'],
    ['CheckSerial', 'again'],
  ])('%s cannot be %s', (parameter, value) => {
    expect(() => deployed({ ...checked, [parameter]: value })).toThrow(parameter);
  });

  it('that request a failing check request a check', () => {
    expect(() => deployed({ FailOnDenied: 'yes' })).toThrow('FailOnDenied is yes, but CheckTopicArn is empty');
  });
});
