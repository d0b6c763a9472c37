import { arnPattern, parseArn } from '../../core/arn.ts';
import { patterns } from '../../core/event-rules.ts';
import { defined } from '../../core/values.ts';
import { namesOf } from '../../core/vocabulary.ts';
import { valuesIn } from '../remedies/statement-parts.ts';
import type { TemplateSource } from '../template/node.ts';
import { writtenDefaults } from '../template/parameters.ts';
import { readTemplate } from '../template/read-template.ts';
import { expectMap, optional } from '../template/read-value.ts';
import { type DocumentPath, type PolicyFile, placed } from '../text/policy-file.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { PolicyStatement } from '../world/world.ts';
import type { WorldNames } from '../world/world-names.ts';
import type { GivenPolicy, Stated } from './document-set.ts';
import type { GivenSetting } from './settings.ts';

/** A fact about the two accounts that is normally in a test event, but was found in a policy. */
interface Fact {
  readonly value: string;
  /** `FILE:LINE:COLUMN` */
  readonly from: string;
}

export const factTitles = {
  accountId: "customer's account",
  region: 'Region',
  bucket: 'bucket',
  kmsKeyArn: 'key',
  prefix: 'prefix',
  deliveryRoleArn: 'delivery role',
} as const;
export type FactName = keyof typeof factTitles;
const factNames = namesOf(factTitles);
export type Facts = Readonly<Partial<Record<FactName, Fact>>>;

/** Facts about the accounts in a customer's documents: for each fact, the most frequent value. */
export function factsIn(policies: readonly GivenPolicy[], settings: readonly GivenSetting[] = []): Facts {
  const ofSettings = settings.flatMap(({ file, keyArn }) =>
    Object.entries(fromKey(keyArn ?? '')).map(([name, value = '']) => ({ name: name as FactName, value, from: file })),
  );
  const ofPolicies = policies
    .filter(({ slot }) => slot === 'bucketPolicy' || slot === 'keyPolicy')
    .flatMap(({ policy }) => textsOf(policy).flatMap((text) => toldBy(text, policy)));
  const told = [...ofSettings, ...ofPolicies];
  return Object.fromEntries(
    factNames.flatMap((name) => {
      const most = mostTold(told.filter((one) => one.name === name));
      return most ? [[name, most] as const] : [];
    }),
  );
}

/** Facts that take precedence over all documents. */
export function factsStated(stated: Stated = {}): Facts {
  return Object.fromEntries(
    factNames.flatMap((name) => {
      const value = name in stated ? stated[name as keyof Stated] : undefined;
      return value === undefined ? [] : [[name, { value, from: 'the service' }] as const];
    }),
  );
}

/** The same facts as names for the simulation of both accounts. */
export function namesFrom({ bucket, kmsKeyArn, prefix, deliveryRoleArn }: Facts): WorldNames {
  return defined({
    inboxBucket: bucket?.value,
    inboxKeyArn: kmsKeyArn?.value,
    prefix: prefix?.value,
    deliveryRoleArn: deliveryRoleArn?.value,
  });
}

interface Told extends Fact {
  readonly name: FactName;
}

function mostTold(told: readonly Told[]): Fact | undefined {
  const count = ({ value }: Told) => told.filter((other) => other.value === value).length;
  const [most] = [...told].sort((a, b) => count(b) - count(a));
  return most && { value: most.value, from: most.from };
}

interface PolicyText {
  readonly text: string;
  readonly path: DocumentPath;
}

function textsOf({ document }: PolicyFile): readonly PolicyText[] {
  const walk = (value: unknown, path: DocumentPath): readonly PolicyText[] => {
    if (typeof value === 'string') return [{ text: value, path }];
    if (typeof value !== 'object' || value === null) return [];
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([key, item]) => walk(item, [...path, key]));
  };
  return walk(document.Statement, ['Statement']);
}

function toldBy({ text, path }: PolicyText, policy: PolicyFile): readonly Told[] {
  const from = placed(policy.file, policy.positionOf(path));
  return readers
    .filter(({ kind, at }) => kind === policy.kind && path.some((key) => at.test(String(key))))
    .flatMap(({ read }) => Object.entries(read(text, statementAt(policy, path))))
    .flatMap(([name, value]) => (value === undefined ? [] : [{ name: name as FactName, value, from }]));
}

type Reading = Partial<Record<FactName, string | undefined>>;

interface Reader {
  readonly kind: 'bucket-policy' | 'key-policy';
  /** Matches a key on the path to the text. */
  readonly at: RegExp;
  readonly read: (text: string, statement: PolicyStatement) => Reading;
}

const readers: readonly Reader[] = [
  { kind: 'bucket-policy', at: /^Resource$/, read: fromObjects },
  { kind: 'bucket-policy', at: /^s3:x-amz-server-side-encryption-aws-kms-key-id$/i, read: fromKey },
  { kind: 'key-policy', at: /^Resource$/, read: fromKey },
  { kind: 'key-policy', at: /^Principal$/, read: fromAdministrator },
  { kind: 'key-policy', at: /^kms:ViaService$/i, read: fromService },
  { kind: 'key-policy', at: /^kms:EncryptionContext:aws:s3:arn$/i, read: fromGeneratedName },
  { kind: 'bucket-policy', at: /^Principal$/, read: fromDeliverer },
  { kind: 'key-policy', at: /^Principal$/, read: fromDeliverer },
];

function fromObjects(text: string, statement: PolicyStatement): Reading {
  const [, bucket = '', key] = /^arn:[^:]*:s3:::([^/*?$]+)(?:\/(.*))?$/.exec(text) ?? [];
  if (!patterns.bucket.test(bucket)) return {};
  const prefix = key?.endsWith('/*') ? key.slice(0, -1) : undefined;
  return {
    ...fromGeneratedName(text),
    bucket,
    ...(allowsAny(statement, /^s3:(?:PutObject|Put\*|\*)$/i) &&
      prefix !== undefined &&
      patterns.prefix.test(prefix) && { prefix }),
  };
}

/** A bucket name generated by the shipped template contains account and Region. */
function fromGeneratedName(text: string): Reading {
  const [, bucket, accountId, region] =
    /:::(secure-inbox-(\d{12})-([a-z]{2,4}(?:-[a-z]+)+-\d{1,2}))(?:\/|$)/.exec(text) ?? [];
  return { bucket, accountId, region };
}

function fromKey(text: string): Reading {
  if (!patterns.kmsKeyArn.test(text)) return {};
  const { accountId, region } = parseArn(text) ?? {};
  return { kmsKeyArn: text, accountId, region };
}

/** A key's administrator is in the account that owns it. */
function fromAdministrator(text: string, statement: PolicyStatement): Reading {
  if (!allowsAny(statement, /^kms:(?:\*|Put\w*)$/i)) return {};
  return { accountId: /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(text)?.[1] };
}

function fromService(text: string): Reading {
  return { region: /^s3\.([a-z0-9-]+)\.amazonaws\.com/.exec(text)?.[1] };
}

/** Recognized by the name in the shipped templates. Any other role may be anyone's. */
function fromDeliverer(text: string): Reading {
  return patterns.roleArn.test(text) && text.endsWith('/secure-inbox-delivery') ? { deliveryRoleArn: text } : {};
}

function statementAt({ document }: PolicyFile, [, index]: DocumentPath): PolicyStatement {
  const statements = statementsOf(document);
  return statements[Number(index)] ?? statements[0] ?? { Effect: 'Deny' };
}

function allowsAny({ Effect, Action }: PolicyStatement, action: RegExp): boolean {
  return Effect === 'Allow' && valuesIn(Action).some((one) => action.test(one));
}

/** Parameters of the shipped template, and of variants of it, that correspond to fields of a test event. */
const parametersThatTell: Readonly<Record<string, { readonly name: FactName; readonly pattern: RegExp }>> = {
  DeliveryRoleArn: { name: 'deliveryRoleArn', pattern: patterns.roleArn },
  Prefix: { name: 'prefix', pattern: patterns.prefix },
};

/**
 * Facts in a customer's own template: a parameter's given value, its default, or a delivery role in the text.
 */
export function factsInTemplate(source: TemplateSource, given: Readonly<Record<string, string>>): Facts {
  const { file, text } = source;
  const template = readTemplate(source);
  const declared = optional(template, 'Parameters', expectMap)?.entries;
  const defaults = writtenDefaults(template);
  const told = Object.entries(parametersThatTell).flatMap(([parameter, { name, pattern }]) => {
    const byDefault = given[parameter] === undefined ? defaults.get(parameter) : undefined;
    const value = byDefault?.text ?? given[parameter];
    if (!declared?.has(parameter) || value === undefined || !pattern.test(value)) return [];
    const from = byDefault ? placed(file, byDefault.origin) : `parameter ${parameter}`;
    return [[name, { value, from }] as const];
  });
  const literal = [...(source.beside ?? []), { file, text }].map((one) => literalRole(one.text, one.file));
  return { ...Object.assign({}, ...literal), ...Object.fromEntries(told) };
}

const deliveryRoleInText = arnPattern(/iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*secure-inbox-delivery(?![\w-])/, {
  anchored: false,
});

function literalRole(text: string, file: string): Facts {
  const found = deliveryRoleInText.exec(text);
  if (!found) return {};
  const before = text.slice(0, found.index).split('\n');
  const column = (before.at(-1) ?? '').length + 1;
  return { deliveryRoleArn: { value: found[0], from: placed(file, { line: before.length, column }) } };
}
