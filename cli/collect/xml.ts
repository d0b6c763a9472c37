/** An element with what is in it: further elements by name, in order, and its own text. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Reads XML as EC2 answers it: elements and text, without CDATA, comments inside of text or mixed content.
 *
 * @returns undefined where the text is no such document
 */
export function readXml(text: string): XmlElement | undefined {
  const root: Draft = { name: '', children: [], text: '' };
  const open: Draft[] = [root];
  for (const [, closing, name, , isEmpty, words] of text.matchAll(tokens)) {
    const parent = open.at(-1);
    if (!parent) return undefined;
    if (words !== undefined) parent.text += decoded(words);
    else if (closing) {
      if (open.pop()?.name !== name) return undefined;
    } else if (name !== undefined) {
      const child: Draft = { name, children: [], text: '' };
      parent.children.push(child);
      if (!isEmpty) open.push(child);
    }
  }
  return open.length === 1 ? root.children[0] : undefined;
}

interface Draft {
  readonly name: string;
  readonly children: Draft[];
  text: string;
}

/** A tag, with or without attributes; a declaration; or what stands between two tags. */
const tokens = /<(\/)?([A-Za-z][\w.-]*)((?:\s[^<>]*?)?)(\/)?>|<\?[^>]*>|([^<]+)/g;

function decoded(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return entities[name ?? ''] ?? whole;
  });
}

/** The element at a path of names, or the first of those. */
export function childAt(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce((at, name) => at?.children.find((child) => child.name === name), element);
}

/** EC2 lists things as `item` elements of a set. */
export function itemsOf(element: XmlElement | undefined, set: string): readonly XmlElement[] {
  return childAt(element, set)?.children.filter(({ name }) => name === 'item') ?? [];
}

/** An error that AWS answered, in the shape of the SDK's. */
export class AnsweredError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(code: string, message: string, httpStatusCode: number) {
    super(message);
    this.name = code;
    this.$metadata = { httpStatusCode };
  }
}
