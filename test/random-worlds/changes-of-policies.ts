import * as fc from 'fast-check';
import type { PolicyStatement } from '../../model/world/world.ts';
import { type Place, type PlaceName, placeOf, places } from './places.ts';
import { partAt, type ScenarioParts } from './scenario-parts.ts';
import type { ShippedStatements } from './shipped-statements.ts';
import { changed, denial, permission } from './statements.ts';

/** One random change of one policy of either account. */
export function changeOfPolicy(shipped: ShippedStatements): fc.Arbitrary<ScenarioParts> {
  const names = Object.keys(places) as PlaceName[];
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...shippedIn(shipped)).map(takenOut) },
    { weight: 6, arbitrary: fc.constantFrom(...shippedIn(shipped)).chain(replaced) },
    { weight: 6, arbitrary: fc.constantFrom(...names).chain((name) => added(placeOf(name))) },
    { weight: 3, arbitrary: fc.constantFrom(...ofOrganizations).chain((name) => added(placeOf(name))) },
    { weight: 3, arbitrary: fc.constantFrom(...documentPlaces).chain(attached) },
    { weight: 2, arbitrary: fc.constantFrom(...resourcePlaces).chain(permitted) },
    { weight: 1, arbitrary: changed(trust, places['trust policy']).map(trusting) },
    { weight: 1, arbitrary: fc.constantFrom(...drastic) },
  );
}

interface Shipped {
  readonly place: Place;
  readonly statement: PolicyStatement;
}

function shippedIn(shipped: ShippedStatements): Shipped[] {
  return (Object.keys(shipped) as PlaceName[]).flatMap((name) =>
    (shipped[name] ?? []).map((statement) => ({ place: placeOf(name), statement })),
  );
}

function takenOut({ place, statement }: Shipped): ScenarioParts {
  return partAt(place.path, { without: [statement.Sid] });
}

function replaced({ place, statement }: Shipped): fc.Arbitrary<ScenarioParts> {
  return changed(statement, place).map((other) => partAt(place.path, { without: [statement.Sid], with: [other] }));
}

/** A Deny in addition to the existing statements. If nothing is attached yet, everything else stays allowed. */
function added(place: Place): fc.Arbitrary<ScenarioParts> {
  return denial(place).map((deny) => partAt(place.path, beside[place.written](deny, place)));
}

const beside: Readonly<Record<Place['written'], (deny: PolicyStatement, place: Place) => unknown>> = {
  edit: (deny) => ({ with: [deny] }),
  document: (deny, place) => document([allowing(place), deny]),
  'listed document': (deny) => [document([deny])],
};

const ofOrganizations = [
  'service control policy',
  'resource control policy',
  "service's resource control policy",
] as const;

const documentPlaces = ['permissions boundary', 'session policy', 'VPC endpoint policy'] as const;

/** A document that allows some of everything. */
function attached(name: (typeof documentPlaces)[number]): fc.Arbitrary<ScenarioParts> {
  const place = placeOf(name);
  return fc
    .oneof(
      fc.constant([allowing(place)]),
      fc.array(permission(place), { minLength: 1, maxLength: 2 }),
      changed(allowing(place), place).map((statement) => [statement]),
    )
    .map((statements) => partAt(place.path, document(statements)));
}

const resourcePlaces = [
  'bucket policy of the inbox',
  "policy of the customer's key",
  'bucket policy of the internal bucket',
  "policy of the service's key",
] as const;

/** An Allow in addition to the existing statements, or instead of those for the delivery role. */
function permitted(name: (typeof resourcePlaces)[number]): fc.Arbitrary<ScenarioParts> {
  const place = placeOf(name);
  const instead = deliveryStatements[name] ?? [];
  return fc
    .tuple(permission(place), fc.boolean())
    .map(([allow, alone]) =>
      partAt(place.path, { ...(alone && instead.length > 0 && { without: instead }), with: [allow] }),
    );
}

const deliveryStatements: Readonly<Partial<Record<PlaceName, readonly string[]>>> = {
  'bucket policy of the inbox': ['DeliverReports'],
  "policy of the customer's key": ['EncryptDeliveredReports', 'EncryptAndReadWaitingReports'],
};

/** As in the template, whose only statement has no Sid that an edit could name. */
const trust: PolicyStatement = { Effect: 'Allow', Principal: { AWS: '${checkRoleArn}' }, Action: 'sts:AssumeRole' };

function trusting(statement: PolicyStatement): ScenarioParts {
  return partAt(places['trust policy'].path, document([statement]));
}

/** Missing policies, and one that allows everyone. */
const drastic: readonly ScenarioParts[] = [
  partAt('customer.inbox.bucketPolicy', {
    without: ['DeliverReports'],
    with: [{ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: '${inboxBucketArn}/*' }],
  }),
  partAt('customer.inbox.bucketPolicy', null),
  partAt('service.internal.bucketPolicy', null),
  partAt('service.deliveryRole.policies', []),
];

function allowing({ principal, about }: Place): PolicyStatement {
  return {
    Effect: 'Allow',
    ...(principal !== 'none' && { Principal: '*' }),
    Action: about.map((service) => `${service}:*`),
    Resource: '*',
  };
}

function document(Statement: readonly PolicyStatement[]) {
  return { Version: '2012-10-17', Statement };
}
