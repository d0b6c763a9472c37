import { type Diagnosis, type Report, reportSchema } from '../../core/report.ts';
import { type Layer, namesOf, type Step, steps } from '../../core/vocabulary.ts';
import type { Fault } from '../../model/analysis/faults.ts';
import type { World } from '../../model/world/world.ts';
import type { Truth } from './truth.ts';

/** The function's answer in a world, and its output. */
export interface Observation {
  readonly answer: unknown;
  readonly log: readonly string[];
  /** Operations that the sandbox doesn't support, and its own bugs. */
  readonly sandboxFaults: readonly string[];
}

/** A broken promise. */
export interface Violation {
  /** The same for worlds that break the same promise in the same way. */
  readonly kind: string;
  readonly expected: string;
  readonly got: string;
}

export function violationsOf(world: World, truth: Truth, observation: Observation): readonly Violation[] {
  const { answer, log, sandboxFaults } = observation;
  const parsed = reportSchema.safeParse(answer);
  const common = [
    ...sandboxFaults.map((got) => ({ kind: 'sandbox', expected: 'an answer that AWS could give', got })),
    ...leaks(world, [JSON.stringify(answer), ...log]),
  ];
  if (!parsed.success) {
    return [
      ...common,
      { kind: 'schema', expected: 'a report', got: `${parsed.error.message} ${JSON.stringify(answer)}` },
    ];
  }
  const report = parsed.data;
  return [...common, ...wrongOutcome(report, truth), ...wrongDiagnoses(report, truth), ...wrongSteps(report, truth)];
}

function wrongOutcome({ verdict, deniedStep, steps: results }: Report, { outcomes }: Truth): Violation[] {
  const isTrue = outcomes.some((outcome) => outcome.verdict === verdict && outcome.deniedStep === deniedStep);
  if (isTrue) return [];
  const [{ verdict: wanted, deniedStep: where }] = outcomes;
  const errors = results.flatMap(({ step, status, error, reason }) =>
    status === 'passed' ? [] : `${step} ${status}: ${error ? `${error.code}: ${error.message}` : (reason ?? '')}`,
  );
  return [
    {
      kind: `outcome: ${verdict} at ${deniedStep ?? 'no step'} instead of ${wanted} at ${where ?? 'no step'}`,
      expected: outcomes.map((outcome) => `${outcome.verdict} ${outcome.deniedStep ?? ''}`).join(' or '),
      got: [`${verdict} ${deniedStep ?? ''}`, ...errors].join('\n'),
    },
  ];
}

/** A check that is rightly inconclusive may infer what will deny a delivery. It may prove nothing without a fault. */
function wrongDiagnoses({ verdict, diagnoses }: Report, { faults }: Truth): Violation[] {
  const expected = faults.map(faultInShort).join('\n') || 'no fault';
  if (faults.length === 0 && diagnoses.length > 0 && verdict !== 'inconclusive') {
    return [{ kind: 'diagnoses of a world without fault', expected, got: diagnoses.map(inShort).join('\n') }];
  }
  return diagnoses
    .filter(({ confidence }) => confidence === 'proven')
    .flatMap((diagnosis) => {
      const { step, denial } = diagnosis;
      const [closest] = faults.map((fault) => contradictions(diagnosis, fault)).sort((a, b) => a.length - b.length);
      if (closest?.length === 0) return [];
      const what = [step, denial.action, denial.layer, denial.effect].filter(Boolean).join(' ');
      const kind = `wrong proven: ${what}${closest ? `, of which another fault differs in ${closest.join(', ')}` : ''}`;
      return [{ kind, expected, got: inShort(diagnosis) }];
    });
}

/**
 * Also checks steps after the first that did not pass: a passed step has no fault, and any other has one, its own or an
 * earlier step's. A copy of an object encrypted with the service's own key shows less.
 */
function wrongSteps({ steps: results, customer }: Report, { faults }: Truth): Violation[] {
  return results.flatMap(({ step, status, error, reason }) => {
    const own = faults.filter((fault) => fault.step === step);
    const earlier = faults.slice(0, faults.findLastIndex((fault) => orderOf(fault.step) <= orderOf(step)) + 1);
    const isSubstitute = step === 'copy-to-inbox' && reason !== undefined;
    const missed = isSubstitute ? own.filter(({ action }) => action !== 'kms:Decrypt') : own;
    if (status === 'passed' && missed.length > 0) {
      return [{ kind: `${step} passed`, expected: missed.map(faultInShort).join('\n'), got: `${customer}: passed` }];
    }
    if ((status === 'denied' || status === 'failed') && earlier.length === 0 && !isSubstitute) {
      return [
        { kind: `${step} ${status}`, expected: 'no fault', got: `${error?.code}: ${error?.message} ${reason ?? ''}` },
      ];
    }
    return [];
  });
}

const orderOf = (step: Step) => namesOf(steps).indexOf(step);

const stated = ['step', 'layer', 'effect', 'side', 'accountId'] as const;

/** Where a diagnosis says something other than a fault. What it leaves out, it doesn't claim. */
function contradictions(diagnosis: Diagnosis, fault: Fault): string[] {
  const said = { ...diagnosis.denial, step: diagnosis.step };
  const { action, resource } = said;
  return [
    ...stated.filter((field) => said[field] !== undefined && said[field] !== fault[field]),
    ...(action === undefined || action === fault.action || stopsEveryAction.has(fault.layer) ? [] : ['action']),
    ...(resource === undefined || isOn(resource, fault.resource) ? [] : ['resource']),
  ];
}

/** A fault of the resource itself is listed with the first action that it stops. */
const stopsEveryAction: ReadonlySet<Layer> = new Set([
  'bucket-missing',
  'bucket-owner',
  'key-missing',
  'key-state',
  'object-ownership',
  'plain-http',
  'region',
]);

/** A bucket may represent its objects, and the internal test object has a different name in each run. */
function isOn(resource: string, of: string): boolean {
  const ofAnyRun = resource.replace(/(\/configuration-check\/[^/]+\/)[^/]+\.json$/, '$1run.json');
  return ofAnyRun === of || of.startsWith(`${resource}/`);
}

export function inShort({ step, denial, confidence, evidence }: Diagnosis): string {
  const { action, resource, layer, effect, side, accountId } = denial;
  const said = JSON.stringify({ step, action, resource, layer, effect, side, accountId });
  return `${confidence} ${said} because ${evidence.map(({ source, detail }) => `${source}: ${detail}`).join(' | ')}`;
}

export function faultInShort({ step, action, resource, layer, effect, side, accountId, why }: Fault): string {
  return `${JSON.stringify({ step, action, resource, layer, effect, side, accountId })} ${why}`;
}

/** Neither AssumeRole's answer nor the function's implementation may be revealed. */
function leaks({ callers }: World, texts: readonly string[]): Violation[] {
  const secrets = [...callers.values()].flatMap(({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken]);
  return texts.flatMap((text) => [
    ...(secrets.some((secret) => secret && text.includes(secret))
      ? [{ kind: 'credentials', expected: 'no secret in reports and logs', got: text }]
      : []),
    ...(/\n\s+at .+:\d+:\d+|\\n\s+at .+:\d+:\d+/.test(text)
      ? [{ kind: 'stack trace', expected: 'no stack trace in reports and logs', got: text }]
      : []),
  ]);
}
