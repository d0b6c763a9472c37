/** What became of one question: an answer, or the permission that it would take. Absence is an answer. */
export type ReadResult<T> =
  | { readonly kind: 'read'; readonly value: T }
  | {
      readonly kind: 'unread';
      /** `kms:GetKeyPolicy` */
      readonly needs: string;
      /** In AWS's words where AWS refused. */
      readonly reason: string;
    };

export type Unread = Extract<ReadResult<unknown>, { kind: 'unread' }>;

export function read<T>(value: T): ReadResult<T> {
  return { kind: 'read', value };
}

/** What follows from an answer. */
export function mapped<T, U>(reading: ReadResult<T>, of: (value: T) => U): ReadResult<U> {
  return reading.kind === 'read' ? read(of(reading.value)) : reading;
}

/** All of them, or the first that could not be read. */
export function all<T>(readings: readonly ReadResult<T>[]): ReadResult<readonly T[]> {
  const unread = readings.find((reading) => reading.kind === 'unread');
  return unread ?? read(readings.flatMap((reading) => (reading.kind === 'read' ? [reading.value] : [])));
}
