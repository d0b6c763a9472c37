/** What became of one question: an answer, or the permission that it would take. Absence is an answer. */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | {
      readonly kind: 'unread';
      /** `kms:GetKeyPolicy` */
      readonly needs: string;
      /** In AWS's words where AWS refused. */
      readonly reason: string;
    };

export type Unread = Extract<Reading<unknown>, { kind: 'unread' }>;

export function read<T>(value: T): Reading<T> {
  return { kind: 'read', value };
}

/** What follows from an answer. */
export function mapped<T, U>(reading: Reading<T>, of: (value: T) => U): Reading<U> {
  return reading.kind === 'read' ? read(of(reading.value)) : reading;
}

/** All of them, or the first that could not be read. */
export function all<T>(readings: readonly Reading<T>[]): Reading<readonly T[]> {
  const unread = readings.find((reading) => reading.kind === 'unread');
  return unread ?? read(readings.flatMap((reading) => (reading.kind === 'read' ? [reading.value] : [])));
}
