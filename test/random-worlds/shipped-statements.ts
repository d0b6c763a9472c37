import { placeholdersOf } from '../../model/world/build-world.ts';
import type { Placeholders } from '../../model/world/policy-parts.ts';
import { statementsOf } from '../../model/world/policy-parts.ts';
import type { PolicyDocument, PolicyStatement, World } from '../../model/world/world.ts';
import type { PlaceName } from './places.ts';

/** The statements of the two templates that have a Sid, so that a scenario can take them out, with the world's names as placeholders. */
export type ShippedStatements = Readonly<Partial<Record<PlaceName, readonly PolicyStatement[]>>>;

export function shippedStatements(world: World): ShippedStatements {
  const role = world.roles.get(world.deliveryRoleArn);
  const readable = (documents: readonly (PolicyDocument | undefined)[]) =>
    documents
      .flatMap((document) => (document ? statementsOf(document) : []))
      .filter(({ Sid }) => Sid !== undefined)
      .map((statement) => withPlaceholders(statement, world));
  return {
    'identity policy': readable(role?.policies.map(({ document }) => document) ?? []),
    'bucket policy of the inbox': readable([world.buckets.get(world.inboxBucket)?.policy]),
    'bucket policy of the internal bucket': readable([world.buckets.get(world.internalBucket)?.policy]),
    "policy of the customer's key": readable([world.keys.get(world.inboxKeyArn)?.policy]),
    "policy of the service's key": readable([world.keys.get(world.serviceKeyArn)?.policy]),
  };
}

function withPlaceholders(statement: PolicyStatement, world: World): PolicyStatement {
  const filled = placeholdersOf(world);
  const longestFirst = placeholders.toSorted((a, b) => filled[b].length - filled[a].length);
  return JSON.parse(
    longestFirst.reduce((text, name) => text.replaceAll(filled[name], `\${${name}}`), JSON.stringify(statement)),
  );
}

const placeholders: readonly (keyof Placeholders)[] = [
  'deliveryRoleArn',
  'checkRoleArn',
  'internalBucketArn',
  'serviceKeyArn',
  'inboxBucketArn',
  'inboxKeyArn',
  'serviceAccountId',
  'customerAccountId',
];
