import type { Report } from '../../core/report.ts';
import { type InvocationContext, type Kept, respond } from './respond.ts';

/** Kept between invocations. The entry contains nothing else, because the sandbox evaluates it again to reset it. */
const kept: Kept = {};

export function handler(input: unknown, context: InvocationContext): Promise<Report | { reports: Report[] }> {
  return respond(input, context, kept);
}
