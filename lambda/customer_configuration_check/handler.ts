import type { Report } from '../../core/report.ts';
import { type InvocationContext, type Kept, respond } from './respond.ts';

/** From one invocation to the next. Nothing else is in the bundle's entry, which the sandbox evaluates again to forget it. */
const kept: Kept = {};

export function handler(input: unknown, context: InvocationContext): Promise<Report | { reports: Report[] }> {
  return respond(input, context, kept);
}
