/** Brings dist/ up to date with the sources. */
export function buildWhatChanged(): Promise<void>;
