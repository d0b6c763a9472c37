/** The registry holds nothing else below this prefix. */
export const registryPrefix = 'customers/';

/** The key of the registry object that holds a customer's test event. */
export function registryKeyOf(customer: string): string {
  return `${registryPrefix}${customer}.json`;
}
