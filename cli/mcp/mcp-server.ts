import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { parse } from 'yaml';
import type { z } from 'zod/mini';
import { defined } from '../../core/values.ts';
import { slotNames, slots } from '../../model/preflight/slots.ts';
import { captured } from '../captured.ts';
import { isWanted, scenarioFilesIn } from '../input/scenario-files.ts';
import { packageVersion } from '../version.ts';
import * as schemas from './tool-schemas.ts';

/** The permissions that the user gives when starting the server. */
export interface Allowed {
  readonly function?: string;
  /** True if the check may run on this machine with the user's AWS credentials. */
  readonly local: boolean;
  readonly profile?: string;
  readonly region?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface ToolAnswer {
  /** In the format of the tool's schema; absent if it has none. */
  readonly content?: Readonly<Record<string, unknown>>;
  readonly message: string;
}

interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodMiniObject;
  readonly output: z.ZodMiniObject;
  /** True if it delivers a test object to a customer's bucket. */
  readonly writes: boolean;
  run(input: Readonly<Record<string, unknown>>, interrupted: AbortSignal): Promise<ToolAnswer>;
}

const certainty =
  'Each diagnosis has a confidence: proven, inferred (the most likely of several; candidates lists the others) or unknown. ' +
  'Keep it, and the candidates, in what you tell the user.';

function toolsFor(allowed: Allowed): readonly Tool[] {
  const places = ['sandbox', ...(allowed.function ? ['function'] : []), ...(allowed.local ? ['local'] : [])] as const;
  return [
    {
      name: 'explain',
      title: 'Explain an AWS error',
      description: `What a cross-account S3 or KMS denial means: which policy, in whose account, what to change. Makes no AWS calls. ${certainty}`,
      input: schemas.explainInput,
      output: schemas.explained,
      writes: false,
      run: async ({ text }, interrupted) =>
        answered(await runCommand(['explain'], [['', String(text)]], {}, interrupted), (diagnosis) => ({ diagnosis })),
    },
    {
      name: 'simulate',
      title: 'Simulate policy decisions',
      description:
        'Decides requests from policies and context across two accounts, offline, as IAM documents it: allowed, denied or ' +
        'unknown, with the statement that decides. Keys outside of the context of a case are absent; list unknown keys in request.unknown.',
      input: schemas.simulateInput,
      output: schemas.simulated,
      writes: false,
      run: async ({ cases }, interrupted) =>
        answered(await runCommand(['simulate'], [['', cases as Document]], {}, interrupted), (decisions) => ({
          decisions,
        })),
    },
    {
      name: 'preflight',
      title: 'Judge a customer’s policies before they are deployed',
      description: `Every fault of the given documents at once, with its line and a fix that was tested in a simulation of both accounts. The shipped templates fill in missing documents. Makes no AWS calls. ${certainty}`,
      input: schemas.preflightInput,
      output: schemas.reports,
      writes: false,
      run: preflight,
    },
    {
      name: 'check',
      title: 'Run the configuration check',
      description: `Delivers a test object and says which step was denied by which policy. In the sandbox: two simulated accounts on this machine.${places.length > 1 ? ' Elsewhere: AWS, with what the user allowed; it writes one small test object to the customer’s bucket.' : ''} ${certainty}`,
      input: schemas.checkInput(places),
      output: schemas.reports,
      writes: places.length > 1,
      run: (input, interrupted) => check(input, allowed, interrupted),
    },
    {
      name: 'sandbox_scenarios',
      title: 'List the sandbox’s scenarios',
      description:
        'Two-account scenarios whose truth is known, for the tool check: what is wrong in each, and AWS’s page about it.',
      input: schemas.scenariosInput,
      output: schemas.scenarioList,
      writes: false,
      run: async ({ filter = '' }) => ({
        content: { scenarios: await shippedScenarios(String(filter)) },
        message: '',
      }),
    },
  ];
}

async function preflight(input: Readonly<Record<string, unknown>>, interrupted: AbortSignal): Promise<ToolAnswer> {
  const documents: (readonly [string, Document])[] = slotNames.flatMap((name) =>
    [input[name] ?? []].flat().map((document) => [`--${slots[name].option}`, document as Document] as const),
  );
  if (input['event'] !== undefined) documents.push(['--event', input['event'] as Document]);
  if (input['inboxTemplate'] !== undefined) documents.push(['--inbox-template', String(input['inboxTemplate'])]);
  if (documents.length === 0) return { message: 'Give at least one document, such as bucketPolicy or keyPolicy.' };
  const parameters = Object.entries((input['parameters'] ?? {}) as Record<string, string>);
  const args = parameters.flatMap(([name, value]) => ['--parameter', `${name}=${value}`]);
  return answered(await runCommand(['preflight', ...args], documents, {}, interrupted), reportsOf);
}

async function check(
  { event, scenario, where = 'sandbox' }: Readonly<Record<string, unknown>>,
  allowed: Allowed,
  interrupted: AbortSignal,
): Promise<ToolAnswer> {
  const events = event === undefined ? [] : [['--event', event as Document] as const];
  if (where === 'sandbox') {
    const file = scenario === undefined ? undefined : await shippedScenario(String(scenario));
    if (scenario !== undefined && file === undefined) {
      return { message: `scenario: there is no ${scenario}. sandbox_scenarios lists what there is.` };
    }
    const args = file === undefined ? ['check'] : ['check', '--scenario', file];
    return answered(await runCommand(args, events, {}, interrupted), reportsOf);
  }
  const { profile, region, env } = allowed;
  const place = where === 'function' ? ['--function', allowed.function ?? ''] : ['--local'];
  const more = { ...(profile && { '--profile': profile }), ...(region && { '--region': region }) };
  const args = ['check', ...place, ...Object.entries(more).flat()];
  return answered(await runCommand(args, events, env, interrupted), reportsOf);
}

const reportsOf = (answer: unknown) => ({ reports: [answer].flat() });

function answered(
  { answer, message }: Ran,
  content: (answer: unknown) => Readonly<Record<string, unknown>>,
): ToolAnswer {
  return answer === undefined ? { message } : { content: content(answer), message };
}

const root = join(import.meta.dirname, '../..');

/** The package's scenarios whose path or name contains a text. */
async function shippedScenarios(filter: string) {
  const summaries: z.infer<typeof schemas.scenarioList>['scenarios'] = [];
  for (const file of await scenarioFilesIn(join(root, 'scenarios'))) {
    const scenario = file.slice(root.length + 1).replaceAll('\\', '/');
    const { name, why, expect } = parse(await readFile(file, 'utf8')) as {
      readonly name: string;
      readonly why: string;
      readonly expect: { readonly verdict: string; readonly deniedStep?: string };
    };
    if (!isWanted(filter, scenario, name)) continue;
    const { verdict, deniedStep } = expect;
    summaries.push({ scenario, name, why, ...defined({ verdict, deniedStep }) });
  }
  return summaries;
}

/** @returns the file of a shipped scenario; undefined for any other path */
async function shippedScenario(scenario: string): Promise<string | undefined> {
  return (await scenarioFilesIn(join(root, 'scenarios'))).find((file) => file === join(root, scenario));
}

interface Ran {
  /** The output of the command with --json. Undefined if it printed nothing; `message` then says why. */
  readonly answer: unknown;
  readonly message: string;
}

/** A document from an assistant: the text of a file, or its contents as data. */
type Document = string | Readonly<Record<string, unknown>> | readonly unknown[];

/**
 * Runs a command of this command line with each document as if it were a file. Reads nothing from the user's machine
 * other than the documents.
 *
 * @param documents keyed by their options
 * @param env empty, unless the user allowed the process's own
 */
async function runCommand(
  args: readonly string[],
  documents: readonly (readonly [option: string, document: Document])[],
  env: Readonly<Record<string, string | undefined>>,
  interrupted: AbortSignal,
): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), 'secure-inbox-mcp-'));
  try {
    const given: string[] = [];
    for (const [at, [option, document]] of documents.entries()) {
      const file = join(folder, `${option.replace(/^-+/, '') || 'document'}-${at + 1}${endingOf(document)}`);
      await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document, null, 2));
      given.push(...(option === '' ? [file] : [option, file]));
    }
    const said = await captured([...args, ...given, '--json'], env, interrupted);
    const message = said.stderr.replaceAll(`${folder}/`, '').trim();
    return { answer: said.stdout === '' ? undefined : JSON.parse(said.stdout), message };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function endingOf(document: Document): string {
  return typeof document !== 'string' || /^\s*[{[]/.test(document) ? '.json' : '.yaml';
}

const instructions =
  'For AccessDenied across two AWS accounts (S3, KMS, STS). Never guess from the text of an error: call explain with it, ' +
  'preflight with the policies if you have them, simulate for a single question. Their answers say how sure they are.';

/** https://modelcontextprotocol.io/specification/2025-06-18/server/tools */
export function mcpServer(allowed: Allowed): McpServer {
  const server = new McpServer({ name: 'secure-inbox', version: packageVersion() }, { instructions });
  for (const tool of toolsFor(allowed)) register(server, tool);
  return server;
}

function register(server: McpServer, { name, title, description, input, output, writes, run }: Tool): void {
  const annotations = { readOnlyHint: !writes, destructiveHint: false, idempotentHint: true, openWorldHint: writes };
  server.registerTool(
    name,
    { title, description, inputSchema: input, outputSchema: output, annotations },
    async (given: unknown, { signal }: { readonly signal: AbortSignal }) => {
      const { content, message } = await run(given as Readonly<Record<string, unknown>>, signal);
      if (content === undefined) return { isError: true, content: [{ type: 'text' as const, text: message }] };
      return {
        structuredContent: content,
        // Also as text, for clients that don't support structured content.
        content: [{ type: 'text' as const, text: JSON.stringify(content) }],
      };
    },
  );
}
