import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { decide } from '../../policy/index.ts';
import type { Case, CasePolicies, Document } from './case.ts';

/** `error …` if an engine can't decide a case at all. */
export type Answer = 'allowed' | 'denied' | `error${string}`;

export interface Engine {
  readonly name: string;
  /** True if the engine supports everything in the case. */
  readonly canDecide: (one: Case) => boolean;
  readonly decide: (one: Case) => Promise<Answer>;
  readonly close: () => void;
}

const named = (document: Document, index: number) => ({ name: `policy-${index}`, document });

export function ourAnswer({ request, policies }: Case): Answer {
  const { identity, permissionsBoundary, serviceControl = [], resourceControl = [], ...single } = policies;
  const { outcome } = decide(request, {
    ...single,
    identity: identity.map(named),
    ...(permissionsBoundary && { permissionsBoundary: named(permissionsBoundary, 0) }),
    serviceControl: serviceControl.map(named),
    resourceControl: resourceControl.map(named),
  });
  return outcome === 'unknown' ? 'error unknown' : outcome;
}

const fullAccess = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** The input of iam-simulate. Shared with the benchmark, so that both use the same. */
export function simulationOf({ request, policies }: Case) {
  const {
    permissionsBoundary,
    session,
    vpcEndpoint,
    resource,
    identity,
    serviceControl = [],
    resourceControl = [],
  } = policies;
  const listed = (all: readonly Document[]) => all.map((policy, index) => ({ name: `policy-${index}`, policy }));
  return {
    request: {
      principal: request.principal,
      action: request.action,
      resource: { resource: request.resource, accountId: request.resourceAccount },
      contextVariables: request.context as Record<string, string | string[]>,
    },
    identityPolicies: listed(identity),
    serviceControlPolicies: [{ orgIdentifier: 'account', policies: listed([fullAccess, ...serviceControl]) }],
    resourceControlPolicies: [{ orgIdentifier: 'account', policies: listed(resourceControl) }],
    ...(permissionsBoundary && { permissionBoundaryPolicies: listed([permissionsBoundary]) }),
    ...(session && { sessionPolicy: session }),
    ...(vpcEndpoint && { vpcEndpointPolicies: listed([vpcEndpoint]) }),
    ...(resource && { resourcePolicy: resource }),
  };
}

export const iamSimulate: Engine = {
  name: 'iam-simulate',
  canDecide: () => true,
  decide: async (one) => {
    const outcome = await runSimulation(simulationOf(one), {});
    if (outcome.resultType === 'single') return outcome.overallResult === 'Allowed' ? 'allowed' : 'denied';
    return `error ${JSON.stringify('errors' in outcome ? outcome.errors : outcome.resultType).slice(0, 200)}`;
  },
  close: () => {},
};

function hasOnly(policies: CasePolicies, fields: readonly string[]): boolean {
  return Object.keys(policies).every((field) => fields.includes(field));
}

/** Supports neither endpoint policies nor RCPs. It can't represent a key or role without a policy. */
export function principalmapper(python: string): Engine {
  return {
    name: 'principalmapper',
    canDecide: ({ policies, request }) =>
      hasOnly(policies, ['identity', 'resource', 'permissionsBoundary', 'session', 'serviceControl']) &&
      (policies.resource !== undefined || request.principal.includes(`:${request.resourceAccount}:`)),
    ...inLines(python, [join(import.meta.dirname, 'principalmapper/decide.py')], (one) => one),
  };
}

/** Decides policies of one type; it doesn't combine layers. */
export function iamRs(binary: string): Engine {
  return {
    name: 'iam-rs',
    canDecide: ({ policies, request }) =>
      hasOnly(policies, ['identity']) &&
      request.action.startsWith('s3:') &&
      request.principal.includes(`:${request.resourceAccount}:`),
    ...inLines(binary, [], ({ request, policies }) => ({ ...request, policies: policies.identity })),
  };
}

/** An engine in a separate process: one case per line in, one answer per line out. */
function inLines(
  command: string,
  args: readonly string[],
  toLine: (one: Case) => unknown,
): Pick<Engine, 'decide' | 'close'> {
  let child: ChildProcess | undefined;
  const waiting: ((answer: Answer) => void)[] = [];
  const start = () => {
    const started = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    createInterface({ input: started.stdout }).on('line', (line) => waiting.shift()?.(line as Answer));
    started.on('exit', () => {
      for (const answer of waiting.splice(0)) answer('error the engine ended');
      child = undefined;
    });
    return started;
  };
  return {
    decide: (one) =>
      new Promise((resolve) => {
        child ??= start();
        waiting.push(resolve);
        child.stdin?.write(`${JSON.stringify(toLine(one))}\n`);
      }),
    close: () => child?.kill(),
  };
}

/**
 * The available engines. PRINCIPALMAPPER_PYTHON and IAM_RS_PEER say where they are; README.md describes the
 * installation.
 */
export function engines(): readonly Engine[] {
  const python = process.env['PRINCIPALMAPPER_PYTHON'] ?? join(import.meta.dirname, '../.venv/bin/python');
  const binary = process.env['IAM_RS_PEER'] ?? join(import.meta.dirname, 'iam-rs/target/release/iam-rs-peer');
  return [
    iamSimulate,
    ...(existsSync(python) ? [principalmapper(python)] : []),
    ...(existsSync(binary) ? [iamRs(binary)] : []),
  ];
}
