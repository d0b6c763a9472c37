/** Account A can't be deployed as the app describes it. The message is for the author of the app. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** Removes undefined props, which exactOptionalPropertyTypes does not treat as absent. */
export function definedProps<T extends object>(props: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(props).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
