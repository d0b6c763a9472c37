import { bucketArn, parseArn } from '../../../core/arn.ts';
import type { ResolvedResource } from '../../template/resolve-template.ts';

/** Formats a text of a fixed policy for its file: as plain text, or as a function of a template. */
export type Express = (text: string) => string | Expression;
export type Expression = Readonly<Record<string, unknown>>;

interface TemplateNames {
  readonly partition: string;
  readonly resources: readonly ResolvedResource[];
  /** The ARN of each key, by logical ID. A key may be in another account than the template's. */
  readonly keyArns: ReadonlyMap<string, string>;
  /** Values by parameter name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The exports of other templates, by value. */
  readonly imports: ReadonlyMap<string, Expression>;
}

/** A shorter value of a parameter may equal something unrelated. */
const shortest = 12;

/**
 * In a template, the ARN of a resource that it creates and the value of a parameter must not be written literally: they
 * would be wrong in the next stack.
 */
export function expressing({ partition, resources, keyArns, parameters, imports }: TemplateNames): Express {
  const buckets = resources.filter(({ type }) => type === 'AWS::S3::Bucket');
  return (text) => {
    const [key] = [...keyArns].find(([, arn]) => arn === text) ?? [];
    if (key !== undefined) return { 'Fn::GetAtt': [key, 'Arn'] };
    for (const { logicalId, name } of buckets) {
      const arn = bucketArn(partition, name);
      if (text === arn) return { 'Fn::GetAtt': [logicalId, 'Arn'] };
      if (text.startsWith(`${arn}/`)) {
        return { 'Fn::Sub': `\${${logicalId}.Arn}${text.slice(arn.length).replaceAll('${', '${!')}` };
      }
    }
    const imported = importedIn(text, partition, imports);
    if (imported) return imported;
    const [parameter] =
      text.length < shortest ? [] : (Object.entries(parameters).find(([, value]) => value === text) ?? []);
    return parameter === undefined ? text : { Ref: parameter };
  };
}

/** An imported resource, or the imported bucket that contains an object, by ARN or name. */
function importedIn(text: string, partition: string, imports: TemplateNames['imports']): Expression | undefined {
  const itself = parseArn(text) && imports.get(text);
  if (itself) return itself;
  for (const [value, expression] of imports) {
    const isArn = parseArn(value) !== undefined;
    const arn = isArn ? value : bucketArn(partition, value);
    if (text !== arn && !text.startsWith(`${arn}/`)) continue;
    const name = '${Bucket}';
    const rest = text.slice(arn.length).replaceAll('${', '${!');
    const bucket = isArn ? name : bucketArn('${AWS::Partition}', name);
    return { 'Fn::Sub': [`${bucket}${rest}`, { Bucket: expression }] };
  }
  return undefined;
}

/** A value with each of its texts in the file's format. */
export function expressed(value: unknown, express: Express): unknown {
  if (typeof value === 'string') return express(value);
  if (Array.isArray(value)) return value.map((item) => expressed(item, express));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expressed(item, express)]));
}
