import { resourceArn } from '../../../../core/delivery/delivery.ts';
import { allowedBySteps, deliveryEdges } from '../delivery-edges.ts';
import { type Control, type DeliveryEdge, evidenceAlone, findings, isSameControl } from '../findings.ts';
import { probe } from '../probe.ts';
import type { Situation } from '../situation.ts';
import { contextsOf } from './simulate-delivery.ts';
import { type Simulation, simulation } from './simulate-own-policies.ts';
import type { Simulated } from './simulation.ts';

interface Question extends Simulation {
  readonly control: Control;
}

interface Item {
  readonly control: Control;
  readonly edge: DeliveryEdge;
  readonly decision: Simulated['decision'];
}

/**
 * Simulates a request that AWS has just allowed. The simulator evaluates an SCP's conditions on the network or the
 * organization without values for their keys, so it may deny what AWS allows.
 */
export const controlsSimulation = probe<Question, Awaited<ReturnType<typeof simulation.send>>, Item>({
  ...simulation,
  id: 'control-simulation',
  asks: 'iam:SimulatePrincipalPolicy about a permission that AWS has just granted to the same role',
  when: 'The simulator denies it, possibly by policies whose conditions it does not name.',
  needs: 'iam:SimulatePrincipalPolicy on that role',
  round: 2,
  requests: 1,
  questions: (situation) => {
    const controls = situation.known.pending.map(({ control }) => control);
    return controls
      .filter((one, at) => controls.findIndex((other) => isSameControl(one, other)) === at)
      .flatMap((control) => questionFor(situation, control) ?? []);
  },
  items: (question, reply) =>
    simulation.items(question, reply).flatMap(({ edge, said: [first] }) => {
      return first ? [{ control: question.control, edge, decision: first.decision }] : [];
    }),
  rows: [
    {
      answer: 'Allowed.',
      means: 'What the simulator refuses to the same role counts.',
      fits: ({ decision }) => decision === 'allowed',
      tells: ({ control }) => findings({ controls: [control] }),
    },
    {
      answer: 'Refused, although AWS has just allowed it.',
      means: 'What the simulator refuses to the same role counts for nothing.',
      fits: ({ decision }) => decision !== 'allowed',
      tells: ({ edge: { action, resource } }) => {
        const detail = `The policy simulator also denies ${action} on ${resource}, which AWS has just allowed: it was not given a key that the policies use.`;
        return evidenceAlone('policy-simulator', detail);
      },
    },
  ],
});

function questionFor(situation: Situation, control: Control): Question | undefined {
  const edge = control.service === 'sts' ? itself(situation, control) : grantedTo(situation, control);
  if (!edge) return undefined;
  const [context] = contextsOf(edge);
  const isControl = true;
  return { control, roleArn: control.roleArn, edges: [edge], situation, encryptionContexts: [context], isControl };
}

/** The first permission in delivery order, so preferably one to write. */
function grantedTo({ case: input, known }: Situation, { roleArn, service }: Control): DeliveryEdge | undefined {
  if (roleArn !== resourceArn(input.delivery, 'delivery-role', input.runId)) return undefined;
  return [...allowedBySteps(input), ...known.allowed].find(({ action }) => action.startsWith(`${service}:`));
}

/** The check's own role, which may simulate, as this question itself shows. */
function itself({ case: input }: Situation, { roleArn }: Control): DeliveryEdge | undefined {
  const assumes = deliveryEdges(input).find(({ on }) => on === 'delivery-role');
  return assumes && { ...assumes, action: 'iam:SimulatePrincipalPolicy', resource: roleArn, isForeign: false };
}
