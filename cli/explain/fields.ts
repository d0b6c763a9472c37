import { jsonOrNothing } from '../../core/json.ts';

/** The values of a record, by path in lowercase without separators: `requestparameterskeyid`. */
export type RecordFields = ReadonlyMap<string, readonly string[]>;

const deepest = 8;
/** Far more than any event has. */
const most = 2_000;

/**
 * Flattens a record, so that the export format doesn't matter: nested JSON, columns such as `userIdentity.arn`,
 * `Event name` or `errorcode`, and JSON or structs as text in a column.
 */
export function fieldsOf(record: object): RecordFields {
  const fields = new Map<string, string[]>();
  add(fields, '', record, 0);
  return fields;
}

export function first(fields: RecordFields, ...paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const found = fields.get(path)?.find((value) => !isEmpty(value));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Exports write these for empty values. */
function isEmpty(value: string): boolean {
  return /^\s*(?:-|null|none|nil|n\/a)?\s*$/i.test(value);
}

function add(fields: Map<string, string[]>, path: string, value: unknown, depth: number): void {
  if (fields.size > most || depth > deepest) return;
  if (Array.isArray(value)) {
    for (const one of value.slice(0, most)) add(fields, path, one, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value)) {
      if (fields.size > most) return;
      add(fields, path + normalized(name), one, depth + 1);
    }
  } else if (typeof value === 'string' && /^\s*[{[]/.test(value) && path !== '') {
    const parsed = parsedJson(value);
    if (parsed !== undefined) add(fields, path, parsed, depth + 1);
    else addStruct(fields, path, value);
  } else if (value !== null && value !== undefined) {
    push(fields, path, String(value));
  }
}

function push(fields: Map<string, string[]>, path: string, value: string): void {
  const values = fields.get(path);
  if (values) values.push(value);
  else fields.set(path, [value]);
}

/** Athena formats a struct as `{type=AssumedRole, arn=arn:aws:…, sessioncontext={…}}`. */
function addStruct(fields: Map<string, string[]>, path: string, text: string): void {
  for (const [, name = '', value = ''] of text.slice(0, 100_000).matchAll(/([\w:.-]{1,100})=([^,{}[\]]{1,2000})/g)) {
    push(fields, path + normalized(name), value.trim());
  }
}

const names = new Map<string, string>();

/** `Event name`, `event_name`, `eventName` and `eventname` are the same name. */
export function normalized(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  const short = name
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  if (names.size < 10_000) names.set(name, short);
  return short;
}

/** @returns undefined early for most texts that are not a document, because a failing JSON.parse is slow */
export function parsedJson(text: string): object | undefined {
  if (!/^\s*[{[]/.test(text) || !/[}\]]\s*$/.test(text.slice(-200))) return undefined;
  const value = jsonOrNothing(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}
