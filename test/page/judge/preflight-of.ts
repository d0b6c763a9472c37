import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { analyzeDocuments, prepareDocuments } from '../../../cli/preflight/analyze-documents.ts';
import { documentSets } from '../../../cli/preflight/preflight-inputs.ts';
import type { WarmSandbox } from '../../../cli/preflight/warm-sandbox.ts';
import type { Report } from '../../../core/report.ts';
import { places, type SlotName } from '../../../model/preflight/slots.ts';
import type { JudgeInput, Judgment } from '../../../page/contract.ts';
import type { Assembly } from '../../../sandbox/assembly.ts';
import type { ScenarioDocuments } from './scenario-documents.ts';

/** The parts on which both must agree. */
export interface Comparable {
  readonly verdict: string;
  readonly deniedStep: string | undefined;
  readonly steps: readonly string[];
  readonly faults: readonly unknown[];
  readonly permissions: readonly string[];
  readonly notes: readonly string[];
}

/** The result of `preflight --json` for the documents in files. */
export async function preflightOf(
  { event, policies, template, told, parameters }: ScenarioDocuments,
  accountA: Assembly,
  sandbox: WarmSandbox,
): Promise<Comparable> {
  const folder = mkdtempSync(join(tmpdir(), 'secure-inbox-judge-'));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  try {
    const files: Partial<Record<SlotName, string[]>> = {};
    for (const { slot, name, text } of policies) files[slot] = [...(files[slot] ?? []), write(name, text)];
    const [set] = await documentSets(
      {
        paths: [],
        events: [write('event.json', event)],
        scenarios: [],
        policies: files,
        templates: template ? [write(template.name, template.text)] : [],
        deployment: { parameters, imports: {}, stackName: undefined },
        told,
      },
      Readable.from([]),
    );
    if (!set) throw new Error('no documents');
    const { report, faults } = await analyzeDocuments(await prepareDocuments(set, accountA), sandbox);
    const placeOf = (at: number) => {
      const place = faults[at]?.place;
      // The shipped template is not one of the documents.
      if (!place?.policy.file.startsWith(folder)) return [];
      return [basename(place.policy.file), place.statement.line, place.statement.column, place.focus.line];
    };
    return comparable(report, placeOf);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same documents as the page sends them. */
export function inputOf({ event, policies, template, told, parameters }: ScenarioDocuments): Omit<JudgeInput, 'seq'> {
  return {
    documents: [
      { id: 'event.json', name: 'event.json', text: event, as: 'event' },
      ...policies.map(({ slot, name, text }) => ({ id: name, name, text, as: places[slot].part })),
      ...(template ? [{ id: template.name, ...template, as: 'template' }] : []),
    ],
    told: { ...told },
    deployment: { parameters, imports: {} },
  };
}

export function judgmentAs({ report, places: found }: Judgment): Comparable {
  const placeOf = (at: number) => {
    const { document, line, column, focusLine } = found[at] ?? {};
    return document === undefined ? [] : [document, line, column, focusLine];
  };
  return comparable(report as Report, placeOf);
}

function comparable(report: Report, placeOf: (diagnosis: number) => readonly unknown[]): Comparable {
  const { verdict, deniedStep, steps, diagnoses, permissions = [], notes = [] } = report;
  return {
    verdict,
    deniedStep,
    steps: steps.map(({ step, status }) => `${step} ${status}`),
    faults: diagnoses.map(({ step, denial, confidence, remedy }, at) => {
      const { action, layer, side, effect } = denial;
      return [step, action, layer, side, effect, confidence, remedy?.verified, ...placeOf(at)];
    }),
    permissions: permissions.map(({ step, action, on, state }) => `${step} ${action} ${on} ${state}`),
    notes: notes.map(({ kind, line, column }) => `${kind} ${line}:${column}`),
  };
}
