import type { ValidatePolicyFindingType } from '@aws-sdk/client-accessanalyzer';
import { counted, printable } from '../../../core/printable.ts';
import { excerptAt, placed } from '../../../model/text/policy-file.ts';
import type { AnalyzerFinding, FindingPlace } from '../../access-analyzer/analyzer-findings.ts';
import { type Page, wrap } from './page.ts';

export function renderAnalyzerFindings(findings: readonly AnalyzerFinding[], page: Page): string {
  if (findings.length === 0) return 'IAM Access Analyzer finds nothing in these documents.\n';
  const blocks = findings.map((finding) => renderFinding(finding, page).join('\n'));
  return `${[`IAM Access Analyzer has ${counted(findings.length, 'finding')}:`, ...blocks].join('\n\n')}\n`;
}

const words: Readonly<Record<ValidatePolicyFindingType, string>> = {
  ERROR: 'error',
  SECURITY_WARNING: 'security warning',
  WARNING: 'warning',
  SUGGESTION: 'suggestion',
};

function renderFinding(finding: AnalyzerFinding, { width, paint }: Page): string[] {
  const { policy, type, issueCode, text, learnMoreLink, places } = finding;
  const emphasis = type === 'ERROR' || type === 'SECURITY_WARNING' ? paint.bad : paint.warn;
  const [main, ...others] = places;
  return [
    `  ${emphasis(words[type])}  ${printable(issueCode)}`,
    ...wrap(text, width, '    '),
    ...(main ? [`    at ${whereOf(finding, main)}`] : []),
    ...(main ? excerptLines(policy.text, main, width) : []),
    ...others.map((place) => `    and ${whereOf(finding, place)}`),
    ...(learnMoreLink ? [`    ${paint.faint(printable(learnMoreLink))}`] : []),
  ];
}

/** `bucket.json:12:9, statement DeliverReports of the bucket policy` */
function whereOf({ policy }: AnalyzerFinding, { position, statement }: FindingPlace): string {
  const kind = policy.kind.replaceAll('-', ' ');
  const which = statement
    ? `statement ${statement.sid || `number ${statement.index + 1}`} of the ${kind}`
    : `the ${kind}`;
  return printable(`${placed(policy.file, position)}, ${which}`);
}

function excerptLines(text: string, { position }: FindingPlace, width: number): string[] {
  const indent = '    ';
  return printable(excerptAt(text, position, width - indent.length))
    .split('\n')
    .map((line) => `${indent}${line}`);
}
