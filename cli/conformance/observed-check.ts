import { isObject, type Json, jsonOrNothing, objectAt } from '../../core/json.ts';
import type { Report } from '../../core/report.ts';
import { inEveryText } from '../../core/texts.ts';
import type { HttpExchange } from '../../sandbox/lambda-runtime.ts';
import { addressOf } from '../../sandbox/s3/address.ts';
import { s3OperationName } from '../../sandbox/s3/routes.ts';
import { xmlTextsIn } from '../../sandbox/wire/xml.ts';
import type { FunctionAnswer } from '../run/job.ts';
import { type Renaming, renamed } from './run-names.ts';

/** AWS's answer to one request of the check, without parts that differ between runs. */
export interface RecordedAnswer {
  /** Service, operation and resource, the same on both sides. */
  readonly request: string;
  /** Absent if there was no answer. */
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Elements of a successful answer that the check reads. */
  readonly told?: Readonly<Record<string, readonly string[]>>;
}

/**
 * @param names replacements for this run's names, the same in every recording
 */
function recordedAnswer(exchange: HttpExchange, names: Renaming): RecordedAnswer {
  const { service, operation, target } = identified(exchange);
  const { answer } = exchange;
  const request = [service, operation, target].join(' ').trim();
  const answered = answer && {
    status: answer.status,
    ...(answer.status >= 300 ? errorIn(answer) : successIn(operation, answer)),
  };
  return neutral({ request, ...answered }, names);
}

/** Removes parts that differ between runs, and replaces this run's names with those of the default world. */
function neutral<T>(value: T, names: Renaming): T {
  return inEveryText(renamed(value, names), (text) =>
    text.replace(uuid, (id) => (ownKeyId.test(id) ? id : '<id>')),
  ) as T;
}

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
/** IDs in the default world. */
const ownKeyId = /^00000000-0000-4000-8000-/;

function identified({ method, path, headers, body }: HttpExchange) {
  const [, service = 'unsigned'] =
    /Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\//.exec(String(headers['authorization'] ?? '')) ?? [];
  const [plain = '', search = ''] = path.split('?');
  if (service === 's3') {
    const query = new URLSearchParams(search);
    const incoming = { method, path: plain, query, headers: texts(headers) };
    const { bucket = '', key } = addressOf(texts(headers)['host'], plain);
    return {
      service,
      operation: s3OperationName(incoming),
      target: key === undefined ? bucket : `${bucket}/${key}`,
    };
  }
  const target = headers['x-amz-target'];
  if (target !== undefined)
    return { service, operation: String(target).split('.').at(-1) ?? '', target: subject(JSON.parse(body || '{}')) };
  const form = new URLSearchParams(body);
  return { service, operation: form.get('Action') ?? '', target: subject(Object.fromEntries(form)) };
}

/** Parameters that distinguish two requests for the same operation. */
const subjects = /^(KeyId|DryRun|RoleArn|RoleName|PolicyArn|PolicySourceArn|(ActionNames|ResourceArns)\.member\.\d+)$/;

function subject(input: Readonly<Record<string, unknown>>): string {
  return Object.entries(input)
    .filter(([name]) => subjects.test(name))
    .map(([name, value]) => (name === 'DryRun' ? 'DryRun' : String(value)))
    .join(' ');
}

function texts(headers: HttpExchange['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

type Answer = HttpExchange['answer'] & {};

function errorIn({ body, headers }: Answer): Pick<RecordedAnswer, 'code' | 'message' | 'headers'> {
  const json = jsonIn(body);
  const code = json
    ? String(json['__type'] ?? '')
        .split('#')
        .at(-1)
    : xmlTextsIn(body, 'Code')[0];
  const message = json ? (json['message'] ?? json['Message']) : xmlTextsIn(body, 'Message')[0];
  return {
    ...(code && { code }),
    ...(message !== undefined && { message: String(message) }),
    ...tellingHeaders(headers),
  };
}

function jsonIn(body: string): Json | undefined {
  const value = jsonOrNothing(body);
  return isObject(value) ? value : undefined;
}

/** None of these contain credentials or keys. */
const toldBy: Readonly<Record<string, readonly string[]>> = {
  SimulatePrincipalPolicy: ['EvalActionName', 'EvalDecision', 'AllowedByPermissionsBoundary', 'AllowedByOrganizations'],
  DescribeKey: ['KeyState', 'KeySpec', 'KeyUsage', 'MultiRegion'],
};

function successIn(operation: string, { body, headers }: Answer): Pick<RecordedAnswer, 'headers' | 'told'> {
  const json = jsonIn(body);
  const metadata = objectAt(json, 'KeyMetadata') ?? {};
  const told = (toldBy[operation] ?? []).flatMap((name) => {
    const values = json ? (name in metadata ? [String(metadata[name])] : []) : xmlTextsIn(body, name);
    return values.length > 0 ? [[name, values] as const] : [];
  });
  return { ...tellingHeaders(headers), ...(told.length > 0 && { told: Object.fromEntries(told) }) };
}

const telling = /^x-amz-(server-side-encryption(-.+)?|bucket-region|delete-marker)$/;

function tellingHeaders(headers: Answer['headers']): Pick<RecordedAnswer, 'headers'> {
  const found = Object.entries(headers).filter(([name]) => telling.test(name));
  return found.length > 0 ? { headers: Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1))) } : {};
}

/** The results of one check of a world, independent of the names of accounts and resources. */
export interface Observed {
  readonly answers: readonly RecordedAnswer[];
  readonly report: ObservedReport;
}

/** A report without times, IDs and texts. */
export interface ObservedReport {
  /** `failed` if there is no report. */
  readonly verdict: Report['verdict'] | 'failed';
  readonly deniedStep?: string;
  readonly steps: readonly { readonly step: string; readonly status: string }[];
  readonly diagnoses: readonly {
    readonly step?: string;
    readonly action?: string;
    readonly resource?: string;
    readonly layer?: string;
    readonly effect?: string;
    readonly side?: string;
    readonly confidence: string;
  }[];
  readonly problem?: string;
}

export function observed(answer: FunctionAnswer, exchanges: readonly HttpExchange[], names: Renaming): Observed {
  const answers = withoutRetries(exchanges).map((exchange) => recordedAnswer(exchange, names));
  return { answers, report: neutral(reportIn(answer), names) };
}

function reportIn(answer: FunctionAnswer): ObservedReport {
  const [report] = answer.kind === 'reports' ? answer.reports : [];
  if (!report) {
    const problem = answer.kind === 'reports' ? 'it answered no report' : answer.message;
    return { verdict: 'failed', steps: [], diagnoses: [], problem };
  }
  return {
    verdict: report.verdict,
    ...(report.deniedStep && { deniedStep: report.deniedStep }),
    steps: report.steps.map(({ step, status }) => ({ step, status })),
    diagnoses: report.diagnoses.map(({ step, confidence, denial }) => {
      const { action, resource, layer, effect, side } = denial;
      const told = Object.entries({ step, action, resource, layer, effect, side });
      return { ...Object.fromEntries(told.filter(([, value]) => value !== undefined)), confidence };
    }),
  };
}

/** Drops answers that the SDK retried, because AWS is sometimes busy. The retry's answer counts. */
function withoutRetries(exchanges: readonly HttpExchange[]): readonly HttpExchange[] {
  const same = ({ method, host, path, body }: HttpExchange) => [method, host, path, body].join('\n');
  return exchanges.filter((exchange, at) => {
    const status = exchange.answer?.status ?? 500;
    const isBusy =
      status >= 500 || status === 429 || /Throttling|SlowDown|TooManyRequests/.test(exchange.answer?.body ?? '');
    return !(isBusy && exchanges.slice(at + 1).some((later) => same(later) === same(exchange)));
  });
}
