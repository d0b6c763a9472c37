import { printable } from '../core/printable.ts';
import { asError } from '../core/values.ts';

/** One friendly line; the stack trace only on request. */
export function bugReport(error: unknown, debug: boolean): string {
  const detail = debug && error instanceof Error ? `\n${error.stack ?? ''}\n${causeOf(error)}` : '';
  const hint = debug ? '' : ' SECURE_INBOX_DEBUG=1 shows where it happened.';
  const [message] = asError(error).message.split('\n');
  return printable(`secure-inbox has a bug, please report it: ${message}.${hint}${detail}\n`);
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? `caused by ${cause.stack ?? cause.message}\n` : '';
}
