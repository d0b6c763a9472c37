import { partRow, policyPartNames } from '../core/parts.ts';

/** A kind of document: a part of a scenario, a template or a test event. */
export interface Kind {
  readonly title: string;
  /** The file name of a new one. */
  readonly file: string;
  readonly side: 'customer' | 'service';
  /** True if an account can have more than one. */
  readonly several: boolean;
  /** Shown in an empty editor. */
  readonly hint: string;
}

/** Policies of a side, each with a tab of its own. */
function policiesOf(side: Kind['side'], several?: boolean): Readonly<Record<string, Kind>> {
  const rows = policyPartNames.map((part) => [part, partRow(part)] as const);
  const kindsOf = rows.flatMap(([part, { tab, several: isSeveral = false }]) => {
    if (!tab || !part.startsWith(side) || isSeveral !== (several ?? isSeveral)) return [];
    const [title, file, hint] = tab;
    return [[part, { title, file, side, several: isSeveral, hint }] as const];
  });
  return Object.fromEntries(kindsOf);
}

export const kinds: Readonly<Record<string, Kind>> = {
  ...policiesOf('customer', false),
  template: {
    title: 'Template',
    file: 'template.yaml',
    side: 'customer',
    several: true,
    hint: 'Paste or drop your CloudFormation template here, or start from the shipped one.',
  },
  ...policiesOf('customer', true),
  event: {
    title: 'Test event',
    file: 'event.json',
    side: 'service',
    several: false,
    hint: 'The test event: account, bucket, key and prefix.',
  },
  ...policiesOf('service'),
};

/** The tabs that are always there. */
export function firstKinds(everything: boolean): readonly string[] {
  const customers = Object.keys(kinds).filter((kind) => kinds[kind]?.side === 'customer');
  return everything ? Object.keys(kinds) : customers;
}

/** An SCP that a customer gives belongs to the customer's account, even if its content fits the service's. */
export function kindFor(recognized: string, everything: boolean): string {
  if (everything || kinds[recognized]?.side !== 'service') return recognized;
  const own = recognized.replace(/^service\./, 'customer.');
  return kinds[own] ? own : recognized;
}

/** The limit of CloudFormation templates. Policies are far smaller: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const longestDocument = 1_048_576;
