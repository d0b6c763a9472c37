import { keyIdIn } from '../../core/arn.ts';
import { type PolicyFile, placed } from '../text/policy-file.ts';
import { statementsOf } from '../world/policy-parts.ts';
import { isStandIn } from '../world/wanted-texts.ts';
import type { World } from '../world/world.ts';
import { type DocumentSet, templateFiles } from './document-set.ts';
import { type FactName, factTitles } from './facts.ts';
import type { Prepared } from './prepare.ts';
import { organizationsIn } from './scenario-of-documents.ts';
import { places, slots, slotsAnswered } from './slots.ts';

export interface ReadFile {
  readonly file: string;
  /** What it was recognized as, or why it is not used. */
  readonly what: string;
}

interface Reading {
  readonly files: readonly ReadFile[];
  /** Assumptions about facts that no test event contains, one sentence each. */
  readonly assumed: readonly string[];
}

/** A template names its bucket, but a key's ID is only known after deployment. */
const namedByTemplate: ReadonlySet<FactName> = new Set(['bucket']);

/** How the given files were interpreted, so that the user can see a wrong guess. */
export function readingOf(prepared: Prepared): Reading {
  const { set, facts, event, opened } = prepared;
  const { world } = prepared.scenario;
  const { policies, settings, template, unused, scenario } = set;
  const files: ReadFile[] = [
    ...(set.event ? [{ file: set.event.file, what: `test event of ${event.customer}` }] : []),
    ...(scenario === undefined ? [] : [{ file: scenario, what: 'scenario' }]),
    ...policies.map(({ slot, policy }) => ({ file: policy.file, what: places[slot].title })),
    ...templateFiles(template?.source).map((file, at) => ({
      file,
      what: at === 0 ? `template of the Secure Inbox${setAsideIn(prepared)}` : 'template beside it',
    })),
    ...settings.map(({ file, title }) => ({ file, what: title })),
    ...unused.map(({ file, why }) => ({ file, what: `not used: ${why}` })),
  ];
  if (scenario !== undefined) return { files, assumed: [] };
  const settled = (opened?.settled ?? []).map(
    ({ unknown, value }) => `${unknown.what}: ${value} (as the event names the bucket)`,
  );
  const stoodIn = [
    ...settled,
    ...(opened?.assumed ?? []),
    ...policiesAssumed(set),
    ...relatedKeysAssumed(set, world),
    ...organizationsAssumed(set),
    ...repeatedSids(prepared.given.map(({ policy }) => policy)),
  ];
  if (set.event) return { files, assumed: stoodIn };

  const { inbox } = event;
  const values: Readonly<Record<FactName, string>> = {
    accountId: inbox.accountId,
    region: inbox.region,
    bucket: inbox.bucket,
    kmsKeyArn: inbox.kmsKeyArn,
    prefix: inbox.prefix ?? '',
    deliveryRoleArn: event.deliveryRoleArn ?? world.deliveryRoleArn,
  };
  const assumed = (Object.keys(values) as FactName[]).map((name) => {
    const fact = facts[name];
    const isInTemplate = template && namedByTemplate.has(name);
    const source = fact?.value === values[name] ? fact.from : isInTemplate ? template.source.file : 'assumed';
    if (name === 'bucket' && isInTemplate && isStandIn(inbox.bucket)) {
      return `${factTitles[name]}: named when the stack is created (${template.source.file})`;
    }
    return `${factTitles[name]}: ${values[name] || 'the whole bucket'} (${source})`;
  });
  return { files, assumed: [...assumed, ...stoodIn] };
}

const mostShown = 3;

function setAsideIn({ opened }: Prepared): string {
  const aside = opened?.setAside ?? [];
  if (aside.length === 0) return '';
  const shown = aside.slice(0, mostShown).map(({ logicalId, type }) => `${logicalId} (${type})`);
  const more = aside.length > mostShown ? ` and ${aside.length - mostShown} more` : '';
  return `; set aside: ${shown.join(', ')}${more}`;
}

/** A verdict about one of the two policies says nothing about the other, which passes because it is the shipped one. */
function policiesAssumed({ policies, settings, template }: DocumentSet): readonly string[] {
  if (template) return [];
  const known = [...policies.map(({ slot }) => slot), ...slotsAnswered(settings)];
  return (['bucketPolicy', 'keyPolicy'] as const)
    .filter((name) => !known.includes(name))
    .map((name) => `${slots[name].title}: that of the shipped template (assumed; none was given)`);
}

/** Related keys share an ID but have separate policies. A document doesn't show which of several keys it belongs to. */
function relatedKeysAssumed({ scenario }: DocumentSet, { keys, inboxKeyArn }: World): readonly string[] {
  if (scenario !== undefined) return [];
  return [...keys.values()]
    .filter(({ arn }) => arn !== inboxKeyArn && keyIdIn(arn) === keyIdIn(inboxKeyArn))
    .map(
      ({ region }) => `policy of the related key in ${region}: the same as that of the Secure Inbox's key (assumed)`,
    );
}

/** S3 saves them although its guide says that each Sid is unique, so a Sid may be ambiguous. */
function repeatedSids(policies: readonly PolicyFile[]): readonly string[] {
  return policies
    .filter(({ kind }) => kind === 'bucket-policy')
    .flatMap((policy) => {
      const sids = statementsOf(policy.document).map(({ Sid }) => Sid);
      return sids.flatMap((sid, index) => {
        const first = sids.indexOf(sid);
        if (!sid || first === index) return [];
        const place = placed(policy.file, policy.positionOf(['Statement', index, 'Sid']));
        return [
          `S3 saves two statements with the Sid ${sid}, the first being statement ${first + 1} (${place}): give each its own`,
        ];
      });
    });
}

/** Organizations matter only if policies test them. */
function organizationsAssumed(set: DocumentSet): readonly string[] {
  const { service, customer } = organizationsIn(set);
  if (service === undefined && customer === undefined) return [];
  const other = 'not known';
  return [`organizations: the service's ${service ?? other}, the customer's ${customer ?? other}`];
}
