import { wordings } from '../../core/aws-words/reasons.ts';
import { confidences } from '../../core/vocabulary.ts';
import { cannotBeTold } from '../../lambda/customer_configuration_check/diagnosis/cannot-be-told.ts';
import { verdicts } from '../../lambda/customer_configuration_check/diagnosis/explanation.ts';
import { mostRequests } from '../../lambda/customer_configuration_check/diagnosis/gather.ts';
import type { Round } from '../../lambda/customer_configuration_check/diagnosis/probe.ts';
import { probes } from '../../lambda/customer_configuration_check/diagnosis/probes.ts';
import type { Rule } from '../../lambda/customer_configuration_check/diagnosis/rule.ts';
import { rules } from '../../lambda/customer_configuration_check/diagnosis/rules.ts';
import { expectations } from '../../lambda/customer_configuration_check/diagnosis/unreached.ts';

/** docs/internals/causes.md: what the diagnosis concludes from what, written from the tables that it works by. */
export function causesPage(): string {
  return `${[introduction(), answers(), questions(), likely(), limits()].join('\n\n')}\n`;
}

function introduction(): string {
  return `# From a denial to its cause

<!-- Written by \`npm run docs:causes\` from the tables of lambda/customer_configuration_check/diagnosis. -->

A check first reads [what AWS answers](#what-aws-answers-and-what-it-can-mean). Then, and only after a denial, it
[asks AWS more](#what-is-asked-after-a-denial): at most ${mostRequests} requests, at once, about our own account and through our
own requests. What those tell is held against what the answer can mean: an explanation is excluded, weakened, supported or
proven. Each diagnosis says how sure it is:

${table(
  ['confidence', 'means'],
  Object.entries(confidences).map(([name, means]) => [`\`${name}\``, means]),
)}

A question that is itself refused, throttled or late is evidence of nothing: the report says that it could not be asked,
and which permission would change that.

${table(
  ['a fact', 'does to an explanation'],
  Object.entries(verdicts).map(([name, means]) => [name, means]),
)}`;
}

function answers(): string {
  const rows = rules.map((rule) => [
    said(rule),
    rule.blames ? `\`${rule.blames}\`` : 'what AWS names',
    rule.alternatives.length > 0 ? layersIn(rule) : '',
    rule.confidence,
    `${rule.because} [Source](${rule.source})`,
  ]);
  return `## What AWS answers, and what it can mean

The first row that fits an answer is the one. \`explain\` reads by the same table.

${table(['AWS answers', 'first', 'or', 'confidence', 'because'], rows)}`;
}

function said({ id, when }: Rule): string {
  const conditions = [
    when.layers && `about ${when.layers.map((layer) => `\`${layer}\``).join(', ')}`,
    when.effect && `${when.effect}`,
    when.service && `for ${when.service}`,
    when.relations?.[0] === 'same-account' && 'in the own account',
    when.relations?.[0] === 'cross-account' && 'across accounts',
    when.onlyWith && 'when an ACL was sent',
  ].filter(Boolean);
  return `**${id}** ${wordings[when.wording]}${conditions.length > 0 ? ` (${conditions.join('; ')})` : ''}`;
}

function layersIn({ alternatives }: Rule): string {
  return [...new Set(alternatives.map(({ layer }) => `\`${layer}\``))].join(', ');
}

const rounds: Readonly<Record<Round, string>> = {
  1: 'in round 1',
  2: 'in round 2',
  last: 'once everything else is done, beside the requests above',
};

function questions(): string {
  const sections = probes.map(
    ({ id, asks, when, as, needs, round, rows }) => `### ${id}

Asks ${asks}, as ${as}, ${rounds[round]}. When: ${when} It takes ${needs}.

${table(
  ['AWS answers', 'what that means'],
  rows.map(({ answer, means }) => [answer, means]),
)}`,
  );
  return `## What is asked after a denial

The check's own session policy is no question: it is held against each permission as it was asked for. It never excludes
that a session policy refuses, because somebody else may have a hand in the session.

${sections.join('\n\n')}`;
}

function likely(): string {
  const rows = expectations.map(({ after, next, because }) => [
    `${after.action} at ${after.step}, by ${after.layers.map((layer) => `\`${layer}\``).join(' or ')}`,
    `${next.action} at ${next.step}, by the same`,
    because,
  ]);
  return `## What is likely refused next

Where one refusal keeps another permission from being tried, and nothing that was asked speaks against it, the other is
reported too, as \`inferred\`: so that both are mended at once.

${table(['refused', 'reported as well', 'because'], rows)}`;
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
