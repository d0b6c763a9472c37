import * as z from 'zod';
import { reportSchema } from '../../core/report.ts';

/** What `report.schema.json` must hold: the JSON schema of one report, for readers in any language. */
export function reportSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(reportSchema), null, 2)}\n`;
}
