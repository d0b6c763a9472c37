/** A child is text, or a list of elements; elements without content are dropped by `undefined`. */
export type XmlChild = string | readonly (string | undefined)[];

/** One element, its text escaped, its child elements (made by this function) as they are. */
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

function escapeText(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}
