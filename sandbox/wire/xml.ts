/** A child is text, or a list of elements in which undefined ones are dropped. */
export type XmlChild = string | readonly (string | undefined)[];

/** One element. Its text is escaped; its child elements, built by this function, are not. */
export function element(name: string, content: XmlChild, attributes: Readonly<Record<string, string>> = {}): string {
  const opening = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeText(value)}"`)].join(
    ' ',
  );
  const inner = typeof content === 'string' ? escapeText(content) : content.join('');
  return inner === '' ? `<${opening}/>` : `<${opening}>${inner}</${name}>`;
}

export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** The texts of all elements with a name, at any depth. */
export function xmlTextsIn(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => unescaped(text));
}

/** The text that XML-escaped characters represent. */
export function unescaped(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex ?? decimal) return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal));
    return name === 'apos' ? "'" : (Object.keys(entities).find((one) => entities[one] === whole) ?? whole);
  });
}

function escapeText(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}
