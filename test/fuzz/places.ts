/** A document with one changed key or value, or an added key: `build` gets the word to use. */
export interface Place {
  readonly name: string;
  readonly build: (word: string) => unknown;
}

/** Every place in a document for a name. */
export function placesIn(value: unknown, path = '$', put: (inner: unknown) => unknown = (inner) => inner): Place[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, at) =>
      placesIn(item, `${path}[${at}]`, (inner) => put(value.map((other, index) => (index === at ? inner : other)))),
    );
  }
  if (typeof value !== 'object' || value === null) return [{ name: path, build: put }];
  const entries = Object.entries(value);
  const withEntry = (at: number, entry: Entry) =>
    put(objectOf(entries.map((one, index) => (index === at ? entry : one))));
  return [
    { name: `${path} with one more`, build: (word) => put(objectOf([...entries, [word, { [word]: word }]])) },
    ...entries.map(([key, inner], at) => ({
      name: `${path}.${key} renamed`,
      build: (word: string) => withEntry(at, [word, inner]),
    })),
    ...entries.flatMap(([key, inner], at) =>
      placesIn(inner, `${path}.${key}`, (changed) => withEntry(at, [key, changed])),
    ),
  ];
}

type Entry = readonly [key: string, value: unknown];

/** Like JSON.parse, treats `__proto__` as a normal key. */
function objectOf(entries: readonly Entry[]): object {
  const made = {};
  for (const [key, value] of entries) {
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return made;
}
