import { isAbsolute, relative } from 'node:path';
import { layers } from '../../core/layers.ts';
import { type Layer, type NoteKind, noteKinds } from '../../core/vocabulary.ts';
import type { LocatedFault } from '../../model/preflight/diagnoses.ts';
import { readingOf } from '../../model/preflight/reading.ts';
import type { Preflight } from '../preflight/analyze-documents.ts';

/** The severity of a note. Faults are errors; assumptions are not results. */
const levels = { contradiction: 'warning', unknown: 'warning', 'beyond-need': 'note' } as const satisfies Partial<
  Record<NoteKind, string>
>;
type FoundKind = keyof typeof levels;

interface SarifContext {
  readonly version: string;
  /** The base of relative paths; in a pipeline, the top of the repository. */
  readonly folder: string;
}

interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

interface Result {
  readonly ruleId: Layer | FoundKind;
  readonly level: string;
  readonly text: string;
  readonly place: Place;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/**
 * The results of preflights for tools that annotate lines, such as GitHub in a pull request.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function renderSarif(found: readonly Preflight[], { version, folder }: SarifContext): string {
  const results = found.flatMap(resultsOf);
  const ruleIds = [...new Set(results.map(({ ruleId }) => ruleId))];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'secure-inbox preflight',
            semanticVersion: version,
            rules: ruleIds.map((id) => ({ id, shortDescription: { text: descriptionOf(id) } })),
          },
        },
        // Counts columns as editors do.
        columnKind: 'utf16CodeUnits',
        results: results.map(({ ruleId, level, text, place, properties }) => ({
          ruleId,
          ruleIndex: ruleIds.indexOf(ruleId),
          level,
          message: { text },
          locations: [{ physicalLocation: locationOf(place, folder) }],
          ...(properties && { properties }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultsOf(preflight: Preflight): readonly Result[] {
  // A finding without a line, such as one about an assumed policy, is attached to the first file.
  const somewhere = { file: readingOf(preflight.prepared).files[0]?.file ?? preflight.prepared.set.title };
  const notes = (preflight.report.notes ?? []).flatMap(({ kind, detail, file, line, column }): readonly Result[] => {
    if (!(kind in levels)) return [];
    const place = { ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
    const ruleId = kind as FoundKind;
    return [
      { ruleId, level: levels[ruleId], text: detail, place: file === undefined ? somewhere : { file, ...place } },
    ];
  });
  return [...preflight.faults.map((fault) => faultResult(fault, somewhere)), ...notes];
}

function faultResult({ diagnosis, fault, place }: LocatedFault, somewhere: Place): Result {
  const { summary, evidence, remedy, denial, confidence, step } = diagnosis;
  const statement = remedy?.statement === undefined ? '' : `\n${JSON.stringify(remedy.statement, null, 2)}`;
  const paragraphs = [summary, ...evidence.map(({ detail }) => detail), remedy && `${remedy.instruction}${statement}`];
  return {
    ruleId: denial.layer ?? fault.layer,
    level: 'error',
    text: paragraphs.filter(Boolean).join('\n\n'),
    place: place ? { file: place.policy.file, ...place.focus } : somewhere,
    properties: { step, side: denial.side, action: denial.action, confidence },
  };
}

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317427 */
function descriptionOf(id: Layer | NoteKind): string {
  return id in noteKinds ? noteKinds[id as NoteKind] : layers[id as Layer].words;
}

function locationOf({ file, line, column }: Place, folder: string) {
  const path = (isAbsolute(file) ? relative(folder, file) : file).replaceAll('\\', '/').replace(/^\.\//, '');
  return {
    artifactLocation: { uri: encodeURI(path).replaceAll('#', '%23').replaceAll('?', '%3F'), uriBaseId: '%SRCROOT%' },
    region: { startLine: line ?? 1, ...(column !== undefined && { startColumn: column }) },
  };
}
