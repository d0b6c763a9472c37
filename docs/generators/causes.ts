import { wordings } from '../../core/aws-words/reasons.ts';
import { confidences } from '../../core/vocabulary.ts';
import { bearingVerdicts } from '../../lambda/customer_configuration_check/diagnosis/explanation.ts';
import { moreOfFull, mostRequests } from '../../lambda/customer_configuration_check/diagnosis/gather.ts';
import type { Round } from '../../lambda/customer_configuration_check/diagnosis/probe.ts';
import { probes } from '../../lambda/customer_configuration_check/diagnosis/probes.ts';
import type { Rule } from '../../lambda/customer_configuration_check/diagnosis/rule.ts';
import { rules } from '../../lambda/customer_configuration_check/diagnosis/rules.ts';
import { expectations } from '../../lambda/customer_configuration_check/diagnosis/unreached.ts';
import { cannotBeTold } from './indistinguishable.ts';

/** docs/internals/causes.md: the conclusions of the diagnosis, generated from the tables that it uses. */
export function causesPage(): string {
  return `${[introduction(), answers(), questions(), likely(), limits()].join('\n\n')}\n`;
}

function introduction(): string {
  return `# From a denial to its cause

<!-- Written by \`npm run docs:causes\` from the tables of lambda/customer_configuration_check/diagnosis. -->

A check first reads [AWS's answer](#what-aws-answers-and-what-it-can-mean). Only after a denial, it
[asks AWS more](#what-is-asked-after-a-denial): at most ${mostRequests} requests about its own account, and ${moreOfFull} to the
inbox for a full diagnosis, in rounds of simultaneous requests. Each result excludes, weakens, supports or proves explanations of the answer. Each diagnosis states its confidence:

${table(
  ['confidence', 'means'],
  Object.entries(confidences).map(([name, means]) => [`\`${name}\``, means]),
)}

A question that is denied, throttled or too slow proves nothing: the report says that it could not be asked, and which
permission is missing.

${table(
  ['a fact', 'means for an explanation'],
  Object.entries(bearingVerdicts).map(([name, means]) => [name, means]),
)}`;
}

function answers(): string {
  const rows = rules.map((rule) => [
    said(rule),
    rule.blames ? `\`${rule.blames}\`` : 'what AWS names',
    layersIn(rule),
    rule.confidence,
    `${rule.because} [Source](${rule.source})`,
  ]);
  return `## What AWS answers, and what it can mean

The first matching row applies. \`explain\` uses the same table.

${table(['AWS answers', 'first', 'or', 'confidence', 'because'], rows)}`;
}

function said({ id, when }: Rule): string {
  const conditions = [
    when.layers && `about ${when.layers.map((layer) => `\`${layer}\``).join(', ')}`,
    when.effect && `${when.effect}`,
    when.service && `for ${when.service}`,
    when.relations?.[0] === 'same-account' && 'within one account',
    when.relations?.[0] === 'cross-account' && 'across accounts',
    when.onlyWith && 'when an ACL was sent',
  ].filter(Boolean);
  return `**${id}** ${wordings[when.wording]}${conditions.length > 0 ? ` (${conditions.join('; ')})` : ''}`;
}

function layersIn({ alternatives = [] }: Rule): string {
  return [...new Set(alternatives.map(({ layer }) => `\`${layer}\``))].join(', ');
}

const rounds: Readonly<Record<Round, string>> = {
  1: 'in round 1',
  2: 'in round 2',
  last: 'after everything else, in addition to the requests above',
};

function questions(): string {
  const sections = probes.map(
    ({ id, asks, when, as, needs, round, rows }) => `### ${id}

Asks ${asks}, as ${as}, ${rounds[round]}. When: ${when} Permission: ${needs}.

${table(
  ['AWS answers', 'what that means'],
  rows.map(({ answer, means }) => [answer, means]),
)}`,
  );
  return `## What is asked after a denial

The check also compares each permission with the session policy that it requested. This never excludes a denial by the session
policy, because something else may have changed the session.

${sections.join('\n\n')}`;
}

function likely(): string {
  const rows = expectations.map(({ after, next, because }) => [
    `${after.action} at ${after.step}, by ${after.layers.map((layer) => `\`${layer}\``).join(' or ')}`,
    `${next.action} at ${next.step}, by the same`,
    because,
  ]);
  return `## What is likely denied next

If a denial keeps another permission from being tried, and no result contradicts it, the report lists the other one too, as
\`inferred\`, so that you can fix both at once.

${table(['denied', 'also reported', 'because'], rows)}`;
}

function limits(): string {
  const rows = cannotBeTold.map(({ where, first, instead, why, who }) => [
    where,
    `\`${first}\``,
    instead.map((layer) => `\`${layer}\``).join(', '),
    why,
    who,
  ]);
  return `## What cannot be told from outside

${table(['where', 'reported first', 'may be instead', 'why', 'who can tell'], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
