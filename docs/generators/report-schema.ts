import * as z from 'zod';
import { reportSchema } from '../../core/report.ts';

/** The contents of `report.schema.json`: the JSON schema of one report, for readers in any language. */
export function reportSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(reportSchema), null, 2)}\n`;
}
