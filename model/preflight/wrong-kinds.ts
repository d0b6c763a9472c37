import { isFields, type UnknownFields } from '../template/values.ts';

/**
 * Files that people give in place of a policy or a template. None of them can be read as one, so each is named for what
 * it is, with what makes a document of it.
 */

const planFirst =
  'give what Terraform makes of it: terraform plan -out=plan, then terraform show -json plan > plan.json';

/** Why a file is not used. */
export interface WrongKind {
  readonly why: string;
  /** The customer's policies may be in it, in a form that is not read: without other policies nothing is checked. */
  readonly isSource?: true;
  /** What the AWS CLI prints of a document of a delivery, in a form that is not read. */
  readonly isAnswer?: true;
}

interface KindOfText extends WrongKind {
  readonly looksLike: RegExp;
}

const asJson = 'print it with --output json';

/** In the order of how sure they are. */
const kindsOfTexts: readonly KindOfText[] = [
  {
    looksLike:
      /^\s*-{9,}\r?\n\|\s*(?:Get(?:Bucket(?:Policy|Encryption|OwnershipControls|Location)|KeyPolicy|PublicAccessBlock)|Describe(?:Key|Policy)|List(?:Retirable)?Grants)\s*\|/,
    why: `is a table of the AWS CLI: ${asJson}`,
    isAnswer: true,
  },
  {
    looksLike:
      /^\s*(?:KEYMETADATA|PUBLICACCESSBLOCKCONFIGURATION|RULES|APPLYSERVERSIDEENCRYPTIONBYDEFAULT|GRANTS|POLICY|POLICYSUMMARY)\t/,
    why: `is text of the AWS CLI, in which fields have no names: ${asJson}`,
    isAnswer: true,
  },
  {
    looksLike: /^\s*(?:resource|data|module|provider|variable|output|locals|terraform)\b[^\n{:]*\{/m,
    why: `is Terraform source; ${planFirst}`,
    isSource: true,
  },
  {
    looksLike: /(?:from|import|require)[^\n]*(?:aws-cdk-lib|@aws-cdk\/|aws_cdk|software\.amazon\.awscdk)/,
    why: 'is source of the CDK: give a template that cdk synth writes to cdk.out (*.template.json)',
    isSource: true,
  },
  {
    looksLike: /(?:from|import|require)[^\n]*(?:@?pulumi\b|pulumi_aws)/,
    why: 'is source of Pulumi: give the bucket policy and the key policy that it makes, as JSON (pulumi stack output, or the AWS CLI)',
    isSource: true,
  },
  { looksLike: /^\s*```/m, why: 'has text around blocks of code: give each document as a file of its own' },
  { looksLike: /^\s*<(?:!doctype html|html)\b/i, why: 'is a web page: give the document itself' },
  { looksLike: /^\s*<\?xml|^\s*<Error>/, why: 'is XML: explain reads answers of S3' },
  {
    looksLike: /^\s*An error occurred \(NoSuchBucketPolicy\)/,
    why: 'is an error of the AWS CLI (NoSuchBucketPolicy): the bucket has no policy, so it allows the service nothing',
  },
  {
    looksLike: /^\s*An error occurred \(\w+\) when calling/,
    why: 'is an error of the AWS CLI, and not what it was to print: explain reads it',
  },
];

/** For a text that is neither JSON nor YAML, or only happens to be YAML. */
export function wrongText(text: string): WrongKind | undefined {
  const start = text.slice(0, 20_000);
  return kindsOfTexts.find(({ looksLike }) => looksLike.test(start));
}

interface KindOfValue extends WrongKind {
  readonly isIt: (value: UnknownFields) => boolean;
}

const has =
  (...names: readonly string[]) =>
  (value: UnknownFields) =>
    names.every((name) => name in value);

const kindsOfValues: readonly KindOfValue[] = [
  {
    isIt: has('terraform_version', 'lineage'),
    why: `is a state file of Terraform; ${planFirst}`,
    isSource: true,
  },
  {
    isIt: ({ deployment }) => isFields(deployment) && 'resources' in deployment,
    why: 'is a stack of Pulumi: give the bucket policy and the key policy that it makes, as JSON',
    isSource: true,
  },
  {
    isIt: (value) => has('runtime', 'name')(value) && !has('Resources')(value),
    why: 'is a project file of Pulumi: give the bucket policy and the key policy that the project makes, as JSON',
    isSource: true,
  },
  {
    isIt: has('app', 'context'),
    why: "is the CDK's configuration: give a template that cdk synth writes to cdk.out",
    isSource: true,
  },
  {
    isIt: ({ version, artifacts, files }) => version !== undefined && (artifacts !== undefined || files !== undefined),
    why: 'is a manifest of the CDK: give the template beside it (*.template.json)',
    isSource: true,
  },
  { isIt: has('schemaVersion', 'verdict', 'steps'), why: 'is a report of a check: explain reads it' },
  { isIt: ({ Records }) => Array.isArray(Records), why: 'is a log of CloudTrail: explain reads it' },
  {
    isIt: ({ Role }) => isFields(Role),
    why: 'is the answer of get-role: a delivery needs a policy of the bucket and one of the key',
  },
];

export function wrongValue(value: UnknownFields): WrongKind | undefined {
  return kindsOfValues.find(({ isIt }) => isIt(value));
}

/** Files of a folder that are not read, by the ends of their names. */
const kindsOfNames: readonly (WrongKind & { readonly name: RegExp })[] = [
  { name: /\.(?:tf|hcl|tofu)$/i, why: `is Terraform source; ${planFirst}`, isSource: true },
  { name: /\.tfstate$/i, why: `is a state file of Terraform; ${planFirst}`, isSource: true },
  { name: /\.(?:zip|docx|xlsx)$/i, why: 'is a ZIP archive: give the files that are in it' },
  { name: /\.pdf$/i, why: 'is a PDF: copy the text that matters to a file' },
  { name: /\.(?:png|jpe?g|gif|webp|bmp|heic)$/i, why: 'is a picture: give the document itself' },
];

export function wrongName(file: string): WrongKind | undefined {
  return kindsOfNames.find(({ name }) => name.test(file));
}
