/** Words of AWS, once for each way in which they are looked for. */
export interface Phrase {
  /** In a message without its whitespace, as a message may be broken anywhere. */
  readonly compact: RegExp;
  /** Where a message is looked for in a long text: a pattern of words with whitespace between them. */
  readonly scan: string;
}

/**
 * @param words a pattern in which a space stands for whitespace
 * @param scan what to look for in a long text, where that is less
 */
export function phrase(words: string, scan = words): Phrase {
  return { compact: new RegExp(words.replaceAll(' ', ''), 'i'), scan: scan.replaceAll(' ', String.raw`\s+`) };
}
