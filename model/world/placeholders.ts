/** What `${name}` stands for in a scenario's policies and event. Every other `${…}` is an IAM policy variable. */
export interface Placeholders {
  readonly deliveryRoleArn: string;
  readonly checkRoleArn: string;
  readonly internalBucketArn: string;
  readonly serviceKeyArn: string;
  readonly inboxBucketArn: string;
  readonly inboxKeyArn: string;
  readonly serviceAccountId: string;
  readonly customerAccountId: string;
}

/** A copy of `value` in which every string, keys included, has its placeholders filled in. */
export function fillPlaceholders(value: unknown, placeholders: Placeholders): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{(\w+)\}/g, (variable, name: string) =>
      Object.hasOwn(placeholders, name) ? placeholders[name as keyof Placeholders] : variable,
    );
  }
  if (Array.isArray(value)) return value.map((item) => fillPlaceholders(item, placeholders));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        fillPlaceholders(key, placeholders) as string,
        fillPlaceholders(item, placeholders),
      ]),
    );
  }
  return value;
}
