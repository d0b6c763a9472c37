/** Account A cannot be deployed as the app describes it. The message is for whoever wrote the app. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** Optional props without those that are undefined, which exactOptionalPropertyTypes does not take for absent. */
export function given<T extends object>(props: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(props).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
