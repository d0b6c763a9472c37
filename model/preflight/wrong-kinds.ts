import { isObject, type Json } from '../../core/json.ts';
import { fileName } from '../text/policy-file.ts';
import type { SlotName } from './slots.ts';

/** File extensions of a delivery's documents. */
export const documentFile = /\.(?:json|ya?ml|template)$/i;

/** File names that indicate a policy, also after an underscore. Such a file counts as a policy even if it is empty. */
export const policyFile = /(bucket|key)[-_]?policy\b/i;

/**
 * Files that users give instead of a policy or a template. None of them can be read as one, so the message names the
 * type and how to get a document from it.
 */

const planFirst =
  'give what Terraform makes of it: terraform plan -out=plan, then terraform show -json plan > plan.json';

/** Why a file is not used. */
export interface WrongKind {
  readonly why: string;
  /** Code or state that generates the customer's policies. It is not read as a document. */
  readonly isSource?: true;
  /** The AWS CLI's output of a delivery's document, in a format that is not supported. */
  readonly isAnswer?: true;
}

interface KindOfText extends WrongKind {
  /** Must not use `^\s*` across lines: for a text of line breaks, that takes quadratic time. */
  readonly looksLike: RegExp;
}

const asJson = 'print it with --output json';

/** A line in TypeScript, Python, Java, C# or Go that imports a library. */
const importing = (libraries: string) =>
  new RegExp(
    `^[^\\S\\r\\n]*(?:(?:import|from|using|\\}\\s*from|(?:const|let|var)\\b.*\\brequire)\\b.*|(?:\\w+\\s+)?")(?:${libraries})`,
    'm',
  );

const kindsOfCode: readonly KindOfText[] = [
  {
    looksLike: importing(
      String.raw`aws-cdk-lib|@aws-cdk\/|aws_cdk|software\.amazon\.awscdk|Amazon\.CDK\b|github\.com\/aws\/aws-cdk-go`,
    ),
    why: 'is source of the CDK: give a template that cdk synth writes to cdk.out (*.template.json)',
    isSource: true,
  },
  {
    looksLike: importing(String.raw`@pulumi\b|pulumi\b|pulumi_aws|com\.pulumi\b|github\.com\/pulumi\/`),
    why: 'is source of Pulumi: give the bucket policy and the key policy that it makes, as JSON (pulumi stack output, or the AWS CLI)',
    isSource: true,
  },
];

/** Searched only in code, because policies in YAML may mention it in a comment. */
const program: KindOfText = {
  looksLike: /\bput_?(?:bucket|key)_?policy(?:command|request|input|async)?\s*\(|\bput-(?:bucket|key)-policy\s/i,
  why: 'is a program that writes the policy: give the policy itself, as JSON',
  isSource: true,
};

/** Code whose policies only exist after it has run. */
export function sourceCode(text: string): WrongKind | undefined {
  return [...kindsOfCode, program].find(({ looksLike }) => looksLike.test(text));
}

/** Most certain first. */
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
    looksLike: /^[^\S\r\n]*(?:resource|data|module|provider|variable|output|locals|terraform)\b[^\n{:]*\{/m,
    why: `is Terraform source; ${planFirst}`,
    isSource: true,
  },
  ...kindsOfCode,
  { looksLike: /^[^\S\r\n]*```/m, why: 'has text around blocks of code: give each document as a separate file' },
  { looksLike: /^\s*<(?:!doctype html|html)\b/i, why: 'is a web page: give the document itself' },
  { looksLike: /^\s*<\?xml|^\s*<Error>/, why: 'is XML: explain reads answers of S3' },
  {
    looksLike: /^\s*(?:aws: \[ERROR\]: )?An error occurred \(\w+\) when calling/,
    why: 'is an error of the AWS CLI, and not what it was to print: explain reads it',
  },
];

/** For a text that is neither JSON nor YAML, or only happens to be valid YAML. */
export function wrongText(text: string): WrongKind | undefined {
  const start = text.slice(0, 20_000);
  return kindsOfTexts.find(({ looksLike }) => looksLike.test(start));
}

interface KindOfValue extends WrongKind {
  readonly isIt: (value: Json) => boolean;
}

const has =
  (...names: readonly string[]) =>
  (value: Json) =>
    names.every((name) => name in value);

const kindsOfValues: readonly KindOfValue[] = [
  {
    isIt: has('terraform_version', 'lineage'),
    why: `is a state file of Terraform; ${planFirst}`,
    isSource: true,
  },
  {
    isIt: ({ deployment }) => isObject(deployment) && 'resources' in deployment,
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
  {
    isIt: has('Changes', 'ChangeSetName'),
    why: 'lists the changes of a change set: give its template (aws cloudformation get-template --change-set-name NAME --stack-name STACK)',
    isSource: true,
  },
  { isIt: has('schemaVersion', 'verdict', 'steps'), why: 'is a report of a check: explain reads it' },
  { isIt: ({ Records }) => Array.isArray(Records), why: 'is a log of CloudTrail: explain reads it' },
  {
    isIt: ({ Role }) => isObject(Role),
    why: 'is the answer of get-role: a delivery needs a policy of the bucket and one of the key',
  },
];

export function wrongValue(value: Json): WrongKind | undefined {
  return kindsOfValues.find(({ isIt }) => isIt(value));
}

/** Files in a folder that are not read, by the end of their names. */
const kindsOfNames: readonly (WrongKind & { readonly name: RegExp })[] = [
  { name: /\.(?:tf|hcl|tofu)$/i, why: `is Terraform source; ${planFirst}`, isSource: true },
  { name: /\.tfstate$/i, why: `is a state file of Terraform; ${planFirst}`, isSource: true },
  { name: /\.(?:zip|docx|xlsx)$/i, why: 'is a ZIP archive: give the files that are in it' },
  { name: /\.pdf$/i, why: 'is a PDF: copy the text that matters to a file' },
  { name: /\.(?:png|jpe?g|gif|webp|bmp|heic)$/i, why: 'is a picture: give the document itself' },
  {
    // Source code is recognized by its text instead.
    name: /(?:bucket|key)[-_]?policy\b[^/\\]*\.(?!(?:json|ya?ml|template|txt|jsonc|policy|cfn|md|out|err|xml|[cm]?[jt]sx?|py|go|java|cs)$)[^./\\]+$/i,
    why: 'has an ending that is not read: rename it to .json if it is the policy',
  },
];

export function wrongName(file: string): WrongKind | undefined {
  return kindsOfNames.find(({ name }) => name.test(file));
}

const slotsOfSources: readonly { readonly slot: SlotName; readonly names: RegExp }[] = [
  {
    slot: 'bucketPolicy',
    names:
      /\baws_s3_bucket(?:_policy)?\b|\bs3\.(?:Cfn)?Bucket\b|BucketPolicy\b|\bput[-_]bucket[-_]policy\b|\bs3-bucket\/aws\b/,
  },
  {
    slot: 'keyPolicy',
    names:
      /\baws_kms_(?:external_|replica_)?key(?:_policy)?\b|\bput[-_]key[-_]policy\b|\bkms\.(?:Cfn)?Key\b|\bkms(?:::?|\/key:)Key\b|\bkms\/aws\b/i,
  },
];

const aStatement = /\bPolicyStatement\b|\bstatement["']?\s*[:=]?\s*[[{(]/i;

/** The customer's policies that an unread file may contain. Unrelated files contain none. */
export function policiesUnreadIn(file: string, text: string, { isSource }: WrongKind): readonly SlotName[] {
  const both = slotsOfSources.map(({ slot }) => slot);
  if (isSource)
    return aStatement.test(text)
      ? both
      : slotsOfSources.filter(({ names }) => names.test(text)).map(({ slot }) => slot);
  if (/\beffect\b/i.test(text) && hasPartsOfStatement(text)) return both;
  const [, of] = failedAnswer.exec(text) ?? policyFile.exec(fileName(file)) ?? [];
  return of === undefined ? [] : [/key/i.test(of) ? 'keyPolicy' : 'bucketPolicy'];
}

/** A failed command to read a policy. AWS refused to return the policy, or the resource does not exist. */
const failedAnswer = /\bwhen calling the Get(Bucket|Key)Policy operation\b/;

function hasPartsOfStatement(text: string): boolean {
  return (
    /\bstatement\b/i.test(text) ||
    isFollowed(text, /\b(?:not)?action\b/i, /\bresource\b/i) ||
    isFollowed(text, /\bresource\b/i, /\baction\b/i)
  );
}

/** As a single pattern, this would take quadratic time. */
function isFollowed(text: string, first: RegExp, next: RegExp): boolean {
  const at = text.search(first);
  return at >= 0 && next.test(text.slice(at));
}
