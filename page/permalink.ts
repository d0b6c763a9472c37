/// <reference lib="dom" />

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
  const { documents, told, parameters } = Object(value) as Record<string, unknown>;
  const entries = (of: unknown) => Object.entries(Object(of) as Record<string, unknown>);
  return {
    documents: (Array.isArray(documents) ? documents : []).flatMap((one: unknown) => {
      const { name, text, as } = Object(one) as Record<string, unknown>;
      if (typeof name !== 'string' || typeof text !== 'string') return [];
      return [{ name: name.slice(0, 200), text, ...(typeof as === 'string' && { as }) }];
    }),
    told: Object.fromEntries(
      entries(told).flatMap(([name, answer]) =>
        typeof answer === 'string' || typeof answer === 'boolean' ? [[name, answer] as const] : [],
      ),
    ),
    parameters: Object.fromEntries(
      entries(parameters).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text] as const] : [])),
    ),
  };
}
