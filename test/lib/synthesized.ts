import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { keptIn } from '../../core/values.ts';
import {
  SecureInboxConfigurationCheck,
  type SecureInboxConfigurationCheckProps,
} from '../../lib/secure-inbox-configuration-check.ts';
import { assemblyKey, forgetOldAssemblies } from '../../sandbox/assembly/cache.ts';

// `cdk synth` validates templates, which takes longer than all of these tests.
process.env['CDK_VALIDATION'] = 'false';

export const projectRoot = join(import.meta.dirname, '../..');

/** Reused by one app after the other, because separate folders would be left behind. */
const outdir = join(projectRoot, 'node_modules/.cache/synthesized-by-tests', process.env['VITEST_POOL_ID'] ?? 'alone');

/** An app with the feature flags of cdk.json, as `cdk synth` runs it. Other tests cover bundling the function. */
export function app(): App {
  const { context } = JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')) as {
    readonly context: Readonly<Record<string, unknown>>;
  };
  // The tree of all constructs would take a quarter of the time, and isn't needed here.
  return new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, outdir, treeMetadata: false });
}

/** Cached by its arguments, if those are texts, numbers, lists of them, or absent. */
export function synthesized(props?: SecureInboxConfigurationCheckProps): Template {
  if (!isPlain(props)) return templateWith(props);
  const key = JSON.stringify(props ?? {});
  return keptIn(known, key, () => fromFile(key) ?? written(key, templateWith(props)));
}

const known = new Map<string, Template>();

/**
 * Like the assembly (docs/decisions/011-the-synthesized-app-is-kept.md), templates are kept for other workers and later
 * runs, under a hash of all inputs: those of the CDK app, and this file.
 */
const folder = join(
  projectRoot,
  'node_modules/.cache/templates-of-tests',
  assemblyKey(projectRoot, readFileSync(import.meta.filename, 'utf8')),
);
mkdirSync(folder, { recursive: true });
forgetOldAssemblies(folder);

function fileOf(key: string): string {
  return join(folder, `${createHash('sha256').update(key).digest('hex')}.json`);
}

function fromFile(key: string): Template | undefined {
  const file = fileOf(key);
  return existsSync(file) ? Template.fromString(readFileSync(file, 'utf8')) : undefined;
}

/** Renamed when it is complete, because another worker may read it. */
function written(key: string, template: Template): Template {
  const unfinished = `${fileOf(key)}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(template.toJSON()));
  renameSync(unfinished, fileOf(key));
  return template;
}

/** False for constructs, which belong to the app of a single test. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function';
  const isData = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isData && Object.values(value).every(isPlain);
}

function templateWith(props?: SecureInboxConfigurationCheckProps): Template {
  const { stackTraceLimit } = Error;
  // The CDK records a stack trace for each token, which takes a tenth of the time and isn't needed here.
  Error.stackTraceLimit = 1;
  try {
    return Template.fromStack(new SecureInboxConfigurationCheck(app(), 'Stack', props));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The logical ID of a construct's only resource of a type: `idOf(template, 'AWS::KMS::Key', 'InternalStorage')`. */
export function idOf(template: Template, type: string, construct: string): string {
  const ids = Object.keys(template.findResources(type)).filter((id) => id.startsWith(construct));
  const [id] = ids;
  if (id === undefined || ids.length > 1) {
    throw new Error(`${construct} has ${ids.length} resources of the type ${type}; the test expects one.`);
  }
  return id;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Document {
  readonly Statement: readonly Statement[];
}

/** Every statement of the policies that give a role its permissions. */
export function identityStatements(template: Template): readonly Statement[] {
  const inline = Object.values(template.findResources('AWS::IAM::Role')).flatMap(
    (role) => (role['Properties'].Policies ?? []) as readonly { readonly PolicyDocument: Document }[],
  );
  const separate = Object.values(template.findResources('AWS::IAM::Policy')).map(
    (policy) => policy['Properties'] as { readonly PolicyDocument: Document },
  );
  return [...inline, ...separate].flatMap((policy) => policy.PolicyDocument.Statement);
}

export function actionsOf(statement: Statement): readonly string[] {
  return typeof statement.Action === 'string' ? [statement.Action] : statement.Action;
}

/** The only statement that allows an action. */
export function statementAllowing(template: Template, action: string, sid?: string): Statement {
  const matching = identityStatements(template).filter(
    (statement) => actionsOf(statement).includes(action) && (sid === undefined || statement.Sid === sid),
  );
  const [statement] = matching;
  if (statement === undefined || matching.length > 1) {
    throw new Error(`${matching.length} statements allow ${action}; the test expects one.`);
  }
  return statement;
}
