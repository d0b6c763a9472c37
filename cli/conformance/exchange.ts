import type { HttpExchange } from '../../sandbox/lambda-runtime.ts';
import { addressOf } from '../../sandbox/s3/address.ts';
import { s3OperationName } from '../../sandbox/s3/routes.ts';
import { inEveryText, type Renaming, renamed } from './naming.ts';

/** What AWS answered to one request of the check, without anything that differs from run to run. */
export interface RecordedAnswer {
  /** Service, operation and what it is about: the same on both sides. */
  readonly request: string;
  /** Absent where no answer came. */
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  /** Those that tell something about the outcome. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Elements of a success that the check reads. */
  readonly told?: Readonly<Record<string, readonly string[]>>;
}

/**
 * @param names what this run's names are called in every recording
 */
export function recordedAnswer(exchange: HttpExchange, names: Renaming): RecordedAnswer {
  const { service, operation, target } = identified(exchange);
  const { answer } = exchange;
  const request = [service, operation, target].join(' ').trim();
  const answered = answer && {
    status: answer.status,
    ...(answer.status >= 300 ? errorIn(answer) : successIn(operation, answer)),
  };
  return neutral({ request, ...answered }, names);
}

/** What differs from run to run is taken out, and this run's names are those of the default world. */
export function neutral<T>(value: T, names: Renaming): T {
  return inEveryText(renamed(value, names), (text) =>
    text.replace(uuid, (id) => (ownKeyId.test(id) ? id : '<id>')),
  ) as T;
}

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
/** Of the default world. */
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

/** What tells two requests for one operation apart. */
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
  const json = parsed(body);
  const code = json
    ? String(json['__type'] ?? '')
        .split('#')
        .at(-1)
    : elements(body, 'Code')[0];
  const message = json ? (json['message'] ?? json['Message']) : elements(body, 'Message')[0];
  return {
    ...(code && { code }),
    ...(message !== undefined && { message: String(message) }),
    ...tellingHeaders(headers),
  };
}

function parsed(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return body.startsWith('{') ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

/** Credentials and keys are in none of these. */
const toldBy: Readonly<Record<string, readonly string[]>> = {
  SimulatePrincipalPolicy: ['EvalActionName', 'EvalDecision', 'AllowedByPermissionsBoundary', 'AllowedByOrganizations'],
  DescribeKey: ['KeyState', 'KeySpec', 'KeyUsage', 'MultiRegion'],
};

function successIn(operation: string, { body, headers }: Answer): Pick<RecordedAnswer, 'headers' | 'told'> {
  const json = parsed(body);
  const metadata = (json?.['KeyMetadata'] ?? {}) as Readonly<Record<string, unknown>>;
  const told = (toldBy[operation] ?? []).flatMap((name) => {
    const values = json ? (name in metadata ? [String(metadata[name])] : []) : elements(body, name);
    return values.length > 0 ? [[name, values] as const] : [];
  });
  return { ...tellingHeaders(headers), ...(told.length > 0 && { told: Object.fromEntries(told) }) };
}

const telling = /^x-amz-(server-side-encryption(-.+)?|bucket-region|delete-marker)$/;

function tellingHeaders(headers: Answer['headers']): Pick<RecordedAnswer, 'headers'> {
  const found = Object.entries(headers).filter(([name]) => telling.test(name));
  return found.length > 0 ? { headers: Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1))) } : {};
}

function elements(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => unescaped(text));
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
  '#39': "'",
  '#34': '"',
};

function unescaped(text: string): string {
  return text.replace(/&([a-z]+|#\d+);/g, (whole, name: string) => entities[name] ?? whole);
}
