/** Edits away from it, at most: beyond that, a name is another name. */
const farthest = 3;

/** Those of some names that somebody who wrote this one may have meant, the likeliest first. */
export function nearestTo(name: string, names: readonly string[], most = 5): readonly string[] {
  return names
    .map((candidate) => ({ candidate, away: editsBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, away }) => away <= Math.min(farthest, name.length / 2) || isPart(name, candidate))
    .sort((a, b) => a.away - b.away || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

function isPart(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** Characters to add, drop or replace: https://en.wikipedia.org/wiki/Levenshtein_distance */
function editsBetween(a: string, b: string): number {
  let row = [...Array(b.length + 1).keys()];
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const [above = 0, left = 0, diagonal = 0] = [row[j + 1], next[j], row[j]];
      next.push(Math.min(above + 1, left + 1, diagonal + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
