import { printable } from '../core/printable.ts';

/** One friendly line; where it happened only if asked for. */
export function bugReport(error: unknown, debug: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const detail = debug && error instanceof Error ? `\n${error.stack ?? ''}\n${causeOf(error)}` : '';
  const hint = debug ? '' : ' SECURE_INBOX_DEBUG=1 shows where it happened.';
  return printable(`secure-inbox has a bug, please report it: ${message.split('\n')[0]}.${hint}${detail}\n`);
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? `caused by ${cause.stack ?? cause.message}\n` : '';
}
