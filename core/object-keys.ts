/** The registry stores nothing else under this prefix. */
export const registryPrefix = 'customers/';

/** The key of the registry object that contains a customer's test event. */
export function registryKeyOf(customer: string): string {
  return `${registryPrefix}${customer}.json`;
}

/**
 * Where the check writes, and what. Everything is under one prefix: lifecycle rules expire it on both sides, and the
 * delivery role may delete only there.
 */
export const testObjectPrefix = 'configuration-check/';

/** The check's session names start with this, followed by the customer. No one else may use it. */
export const checkSessionPrefix = 'check-';

/** Unique for each run, so that simultaneous checks of one customer don't delete each other's source. */
export function internalTestObjectKey(customer: string, runId: string): string {
  return `${testObjectPrefix}${customer}/${runId}.json`;
}

/**
 * One fixed key per customer. The service can't delete from the inbox, so each check overwrites the previous object.
 *
 * @param prefix as in the test event: empty, or ends in a slash
 */
export function inboxTestObjectKey(prefix: string): string {
  return `${prefix}${testObjectPrefix}test-object.json`;
}

/** Explains the object to anyone who finds it, and reveals nothing else about the customer. */
export function testObjectBody(customer: string, runId: string): string {
  const about = 'Test object of the Secure Inbox configuration check. It holds no report and may be deleted.';
  return `${JSON.stringify({ about, customer, runId })}\n`;
}
