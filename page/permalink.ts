/// <reference lib="dom" />

import { listAt, objectAt, textAt } from '../core/json.ts';
import { defined } from '../core/values.ts';
import type { GivenDocument } from './contract.ts';

/** The contents of a link. */
export interface Linked {
  readonly documents: readonly GivenDocument[];
  readonly told: Readonly<Record<string, string | boolean>>;
  readonly parameters: Readonly<Record<string, string>>;
}

const prefix = '#d=';
/** Browsers and mail programs cut longer addresses. */
const longest = 30_000;

/** The fragment of an address, which browsers send to no one. Undefined if it would be too long. */
export async function fragmentOf(linked: Linked): Promise<string | undefined> {
  const bytes = new TextEncoder().encode(JSON.stringify(linked));
  const packed = await through(bytes, new CompressionStream('deflate-raw'));
  const text = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(''));
  const fragment = prefix + text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return fragment.length > longest ? undefined : fragment;
}

/** Undefined if there is none or it is broken. */
export async function linkedIn(fragment: string): Promise<Linked | undefined> {
  if (!fragment.startsWith(prefix) || fragment.length > longest) return undefined;
  try {
    const packed = atob(fragment.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    return checked(JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate-raw')))));
  } catch {
    return undefined;
  }
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

/** A link may come from anyone, so values of the wrong type are left out. */
function checked(value: unknown): Linked {
  const only = <T>(field: string, is: (one: unknown) => one is T): Readonly<Record<string, T>> =>
    Object.fromEntries(
      Object.entries(objectAt(value, field) ?? {}).filter((entry): entry is [string, T] => is(entry[1])),
    );
  return {
    documents: listAt(value, 'documents').flatMap((one) => {
      const [name, text, as] = ['name', 'text', 'as'].map((field) => textAt(one, field));
      return name === undefined || text === undefined ? [] : [{ name: name.slice(0, 200), text, ...defined({ as }) }];
    }),
    told: only('told', (one) => typeof one === 'string' || typeof one === 'boolean'),
    parameters: only('parameters', (one) => typeof one === 'string'),
  };
}
