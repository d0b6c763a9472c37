import { InputError } from '../../model/text/input-error.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * @param option named in the error
 * @param shortest the minimum
 * @returns milliseconds
 * @throws InputError
 */
export function durationOf(text: string, option: string, shortest = '30s'): number {
  const longest = '1h';
  const milliseconds = written(text);
  if (
    milliseconds !== undefined &&
    milliseconds >= Number(written(shortest)) &&
    milliseconds <= Number(written(longest))
  )
    return milliseconds;
  throw new InputError(
    `${option}: ${JSON.stringify(text)} is not a valid time. Allowed: from ${shortest} to ${longest}, like 90s or 10m. ` +
      `To give a file after it, write ${option}=15m FILE.`,
  );
}

/**
 * The duration of `--wait`, in milliseconds.
 *
 * @param wait true if no duration is given
 * @param usual the default duration
 * @returns undefined if there is no `--wait`
 */
export function waitOf({ wait }: { readonly wait?: string | true }, usual: string): number | undefined {
  return wait === undefined ? undefined : durationOf(wait === true ? usual : wait, '--wait');
}

function written(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (unitMs[unit] ?? 0);
}

/** Formats a duration for people: `1m 30s`. */
export function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  const parts = [`${Math.floor(seconds / 60)}m`, `${seconds % 60}s`].filter((part) => !part.startsWith('0'));
  return parts.join(' ') || '0s';
}
