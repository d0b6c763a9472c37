import type { DocumentSet, Told } from '../../../model/preflight/document-set.ts';
import { locatedIn } from '../../../model/preflight/locate.ts';
import { places, type SlotName, slotNames } from '../../../model/preflight/slots.ts';
import { documentIn } from '../../../model/remedies/documents.ts';
import type { Scenario } from '../../../model/world/scenario.ts';
import type { PolicyDocument, World } from '../../../model/world/world.ts';

/** The parts of a scenario's world that a user could give a preflight as documents. */
export interface ScenarioDocuments {
  readonly event: string;
  readonly policies: readonly { readonly slot: SlotName; readonly name: string; readonly text: string }[];
  readonly template?: { readonly name: string; readonly text: string };
  readonly told: Told;
  readonly parameters: Readonly<Record<string, string>>;
}

const most = 5;

/** @param shipped the world without faults, whose documents need not be given */
export function documentsOf({ world, event, customerStack }: Scenario, shipped: World): ScenarioDocuments {
  const policies = slotNames.flatMap((slot) =>
    documentsIn(world, slot)
      .filter((document, at) => JSON.stringify(document) !== JSON.stringify(documentsIn(shipped, slot)[at]))
      .map((document, at) => ({
        slot,
        name: `${slot}-${at}.json`,
        text: JSON.stringify(document, null, 2),
      })),
  );
  const source = customerStack?.template.origin.source;
  const isShipped = source?.file.endsWith('cloudformation/secure-inbox.yaml');
  return {
    event: JSON.stringify(event),
    policies,
    ...(source && !isShipped && { template: { name: 'template.yaml', text: source.text } }),
    parameters: isShipped ? {} : (customerStack?.parameters ?? {}),
    told: toldOf(world),
  };
}

function documentsIn(world: World, slot: SlotName): readonly PolicyDocument[] {
  const policy: DocumentSet['policies'][number]['policy'] = {
    file: '',
    text: '',
    syntax: 'json',
    kind: places[slot].kind,
    at: [],
    document: { Statement: [] },
    positionOf: () => ({ line: 1, column: 1 }),
  };
  const [located] = locatedIn(world, [{ slot, policy }]);
  return Array.from({ length: most }, (_, index) => located && documentIn(world, { ...located.of, index })).filter(
    (document) => document !== undefined,
  );
}

function toldOf({ network, accounts, serviceAccountId, customerAccountId }: World): Told {
  const { vpcEndpoint, sourceIp } = network;
  const [service, customer] = [accounts.get(serviceAccountId), accounts.get(customerAccountId)];
  const isOwn = (id: string | undefined): id is string => id !== undefined && /^o-[a-z0-9]+$/.test(id);
  return {
    ...(vpcEndpoint ? { vpcEndpoint: vpcEndpoint.id, vpc: vpcEndpoint.vpcId } : sourceIp && { sourceIp }),
    ...(isOwn(service?.organizationId) && { serviceOrganization: service.organizationId }),
    ...(isOwn(customer?.organizationId) && { customerOrganization: customer.organizationId }),
  };
}
