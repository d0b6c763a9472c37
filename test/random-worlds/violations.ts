import { type Diagnosis, type Report, reportSchema } from '../../lambda/customer_configuration_check/report.ts';
import type { Layer } from '../../lambda/customer_configuration_check/vocabulary.ts';
import type { Fault } from '../../sandbox/authorization/faults.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { Truth } from './truth.ts';

/** What the function answered in a world, and what it wrote while it did. */
export interface Observation {
  readonly answer: unknown;
  readonly log: readonly string[];
  /** Operations that the sandbox does not have, and what it stumbled over. */
  readonly sandboxFaults: readonly string[];
}

/** A promise that was broken. */
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
  return [...common, ...wrongOutcome(parsed.data, truth), ...wrongDiagnoses(parsed.data, truth)];
}

function wrongOutcome({ verdict, deniedStep, steps }: Report, { outcomes }: Truth): Violation[] {
  const isTrue = outcomes.some((outcome) => outcome.verdict === verdict && outcome.deniedStep === deniedStep);
  if (isTrue) return [];
  const [{ verdict: wanted, deniedStep: where }] = outcomes;
  const errors = steps.flatMap(({ step, status, error, reason }) =>
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

function wrongDiagnoses({ diagnoses, verdict }: Report, { faults }: Truth): Violation[] {
  if (verdict === 'passed' && diagnoses.length > 0) {
    return [{ kind: 'diagnoses of a check that passed', expected: 'none', got: diagnoses.map(inShort).join('\n') }];
  }
  return diagnoses
    .filter(({ confidence }) => confidence === 'proven')
    .filter((diagnosis) => !faults.some((fault) => saysNothingElse(diagnosis, fault)))
    .map((diagnosis) => {
      const { action, layer, effect } = diagnosis.denial;
      return {
        kind: `wrong proven: ${[diagnosis.step, action, layer, effect].filter(Boolean).join(' ')}`,
        expected: faults.map(faultInShort).join('\n') || 'no fault',
        got: inShort(diagnosis),
      };
    });
}

const stated = ['step', 'layer', 'effect', 'side', 'accountId'] as const;

/** What a diagnosis leaves out, it does not claim. */
function saysNothingElse(diagnosis: Diagnosis, fault: Fault): boolean {
  const said = { ...diagnosis.denial, step: diagnosis.step };
  return (
    stated.every((field) => said[field] === undefined || said[field] === fault[field]) &&
    (said.action === undefined || said.action === fault.action || stopsEveryAction.has(fault.layer)) &&
    (said.resource === undefined || isOn(said.resource, fault.resource))
  );
}

/** A fault of the resource itself is listed with the first action that it stops. */
const stopsEveryAction: ReadonlySet<Layer> = new Set([
  'bucket-missing',
  'bucket-owner',
  'key-missing',
  'key-state',
  'object-ownership',
  'region',
]);

/** A bucket may stand for what is in it, and the internal test object has a name of its own in each run. */
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

/** Nothing of what AWS answers to AssumeRole, and nothing of how the function is made, is anybody's business. */
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
