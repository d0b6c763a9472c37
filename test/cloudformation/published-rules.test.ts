import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import { assembly } from '../../sandbox/assembly.ts';
import {
  checkTopicArn,
  deployed,
  existingBucket,
  existingKeyArn,
  furtherRoleArn,
  readerArn,
  senderKeyArn,
  templateFile,
} from './deployed.ts';

const folder = mkdtempSync(join(tmpdir(), 'published-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe("AWS Control Tower's proactive controls, which cfn-guard runs", () => {
  /** Both templates as deployed, because guard's rules don't understand conditions and functions. */
  const stacks = {
    'new bucket and key': {},
    'every option': {
      Prefix: 'reports/',
      MoreDeliveryRoleArns: furtherRoleArn,
      SenderKeyArn: senderKeyArn,
      RetentionDays: '90',
      AccessLogBucketName: 'acme-access-logs',
      ReaderArns: readerArn,
      CheckTopicArn: checkTopicArn,
      FailOnDenied: 'yes',
    },
    'existing bucket': { ...existingBucket, ReaderArns: readerArn },
    'existing key': { ExistingKeyArn: existingKeyArn },
  };

  /** Rules that each account's template breaks intentionally, with the reason. */
  const brokenByTheCustomer: Readonly<Record<string, string>> = {
    kms_create_grant_aws_service_check:
      'It wants kms:CreateGrant limited to AWS services. Only the own account has it, whose IAM policies decide.',
    s3_bucket_logging_enabled_check:
      'Access logs need a bucket of the customer, which AccessLogBucketName names. Without it they are off.',
    s3_bucket_object_lock_enabled_check:
      'A lock is for ever, and binds the owner too. Versions already keep what the service overwrites.',
    s3_event_notifications_enabled_check: 'The reader of reports decides who is notified of a new one.',
  };

  const brokenByTheService: Readonly<Record<string, string>> = {
    cloudwatch_log_group_encrypted_check:
      "CloudWatch encrypts logs with a key of AWS's own. They hold names and ARNs, and no report.",
    cloudwatch_log_group_retention_period_check:
      'It wants a year. How long is a property of the constructs; what a check said a year ago helps nobody.',
    dynamodb_table_encrypted_kms_check: "As for the logs; each customer's last status can be found out again.",
    kms_create_grant_aws_service_check: 'As above: only the own account may make grants.',
    lambda_inside_vpc_check:
      'The function talks to AWS only. In a VPC it would need an endpoint for each service, and gain nothing by it.',
    s3_bucket_default_encryption_kms_check:
      'Where test events and results are kept, a KMS key would be one more thing that can stop the check of everybody.',
    s3_bucket_logging_enabled_check:
      "Access logs are late and incomplete. CloudTrail's data events, where each access has to be known, need no bucket.",
    s3_bucket_object_lock_enabled_check: 'What is in these buckets has to go, by delivery or with its customer.',
    s3_bucket_versioning_enabled_check: 'A version would keep a report that has been delivered and deleted.',
    s3_event_notifications_enabled_check: 'Nobody waits for what is in the internal bucket, or for results.',
    sqs_dlq_check: 'The queue is the one that dead letters go to.',
    step_functions_state_machine_tracing_enabled_check:
      'X-Ray is paid for with each execution, whose history has its times already; it is a property of the constructs.',
  };

  const broken = new Map<string, string[]>();

  // One run, without rules for other resources, because reading rules takes most of the time.
  beforeAll(async () => {
    const open = {
      Type: 'AWS::S3::Bucket',
      Properties: { PublicAccessBlockConfiguration: { BlockPublicAcls: false } },
    };
    const customers = Object.entries(stacks).map(([name, parameters]) =>
      written(`${name}.json`, deployedAs(parameters)),
    );
    const files = {
      customer: customers,
      service: [(await assembly()).templateFile],
      open: [written('open.json', JSON.stringify({ Resources: { Open: open } }))],
    };
    const templatePaths = Object.values(files).flat();
    const validator = new CfnGuardValidator({
      controlTowerRulesEnabled: false,
      rules: rulesFor(templatePaths.flatMap(resourceTypesIn)),
      maxBuffer: 64 * 1024 * 1024,
    });
    // Guard reads files, not the construct tree that its interface requires.
    const { violations } = validator.validate({ templatePaths } as Parameters<CfnGuardValidator['validate']>[0]);
    for (const [whose, paths] of Object.entries(files)) {
      const real = paths.map((path) => realpathSync(path));
      const rules = violations
        .filter(({ violatingResources }) =>
          violatingResources.some((one) => real.includes(realpathSync(one.templatePath))),
        )
        .map(({ ruleName }) => ruleName);
      broken.set(whose, [...new Set(rules)].sort());
    }
  });

  it("are broken by the customer's stack only with a reason", () => {
    expect(broken.get('customer')).toEqual(Object.keys(brokenByTheCustomer));
  });

  it("are broken by the service's stack only with a reason", () => {
    expect(broken.get('service')).toEqual(Object.keys(brokenByTheService));
  });

  it('find what is wrong', () => {
    expect(broken.get('open')).toContain('s3_bucket_level_public_access_prohibited_check');
  });

  /** The rule files that name one of these types. */
  function rulesFor(types: readonly string[]): string[] {
    const root = join(dirname(require.resolve('@cdklabs/cdk-validator-cfnguard/package.json')), 'rules/control-tower');
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.guard'))
      .map((path) => join(root, path))
      .filter((path) => {
        const text = readFileSync(path, 'utf8');
        return types.some((type) => text.includes(type));
      });
  }

  function resourceTypesIn(file: string): readonly string[] {
    const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, { Type: string }> };
    return Object.values(Resources).map(({ Type }) => Type);
  }

  function deployedAs(parameters: Readonly<Record<string, string>>): string {
    const resources = deployed(parameters).resources.map(
      ({ logicalId, type, properties }) => [logicalId, { Type: type, Properties: properties }] as const,
    );
    return JSON.stringify({ Resources: Object.fromEntries(resources) });
  }
});

describe("the schemas of CloudFormation's resources, by AWS's own validator", () => {
  const { SchemaValidator, TemplateFile } = cloudformationValidate();
  const validator = new SchemaValidator();
  afterAll(() => validator.free());

  /** Leaves out remarks, such as that changing a property replaces the resource. */
  const findings = (file: string) =>
    validator
      .validate(new TemplateFile(file))
      .filter(({ severity }) => severity !== 'INFO')
      .map(({ ruleId, entity, message }) => ({ rule: ruleId, on: entity?.logicalId, message }));

  it("are followed by every property of the customer's template", () => {
    expect(findings(templateFile)).toEqual([]);
  });

  it('are followed by every property of the synthesized template of Account A', async () => {
    expect(findings((await assembly()).templateFile)).toEqual([]);
  });

  it.each([
    ['a property that there is not', 'EnableKeyRotation: true', 'EnableKeyRotations: true'],
    ['a property of a property', 'BucketKeyEnabled: true', 'BucketKeysEnabled: true'],
    ['a value of another kind', 'BlockPublicAcls: true', 'BlockPublicAcls: maybe'],
  ])('tell %s', (_, right, wrong) => {
    const text = readFileSync(templateFile, 'utf8');
    expect(text).toContain(right);
    expect(findings(written('misspelt.yaml', text.replace(right, wrong)))).not.toEqual([]);
  });
});

interface CloudformationValidate {
  readonly SchemaValidator: new () => {
    validate(template: object): readonly {
      readonly ruleId: string;
      readonly severity: string;
      readonly message: string;
      readonly entity?: { readonly logicalId: string };
    }[];
    free(): void;
  };
  readonly TemplateFile: new (file: string) => object;
}

/** The validator of `cdk synth`, from a dependency of the CDK that it doesn't export. */
function cloudformationValidate(): CloudformationValidate {
  return createRequire(require.resolve('aws-cdk-lib'))('@aws/cloudformation-validate') as CloudformationValidate;
}
