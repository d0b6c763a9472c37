/** The registry holds nothing else below this prefix. */
export const registryPrefix = 'customers/';

/** The key of the registry object that holds a customer's test event. */
export function registryKeyOf(customer: string): string {
  return `${registryPrefix}${customer}.json`;
}

/**
 * Where the check writes, and what. Everything stays below one prefix, which lifecycle rules expire on both sides
 * and to which the delivery role's right to delete is confined.
 */
export const testObjectPrefix = 'configuration-check/';

/** The beginning of the check's session names, followed by the customer. No one else may use it. */
export const checkSessionPrefix = 'check-';

/** Unique for each run, so that checks of one customer at the same time don't delete each other's source. */
export function internalTestObjectKey(customer: string, runId: string): string {
  return `${testObjectPrefix}${customer}/${runId}.json`;
}

/**
 * One fixed key a customer: the inbox is write-only for the service, so each check overwrites the object of the last.
 *
 * @param prefix as in the test event: empty, or ending in a slash
 */
export function inboxTestObjectKey(prefix: string): string {
  return `${prefix}${testObjectPrefix}test-object.json`;
}

/** Tells a person who finds it what it is, and nothing else about the customer. */
export function testObjectBody(customer: string, runId: string): string {
  const about = 'Test object of the Secure Inbox configuration check. It holds no report and may be deleted.';
  return `${JSON.stringify({ about, customer, runId })}\n`;
}
