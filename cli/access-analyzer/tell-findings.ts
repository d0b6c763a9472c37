import type { PolicyFile } from '../../model/text/policy-file.ts';
import { placeholdersOf } from '../../model/world/build-world.ts';
import { fillPlaceholders } from '../../model/world/policy-parts.ts';
import type { PolicyDocument, World } from '../../model/world/world.ts';
import type { Output } from '../command.ts';
import { renderAnalyzerFindings } from '../views/terminal/access-analyzer.ts';
import type { Page } from '../views/terminal/page.ts';
import { type AnalyzerOptions, accessAnalyzerFindings } from './analyzer-findings.ts';

interface GivenDocuments {
  readonly policies: readonly PolicyFile[];
  readonly world: World;
}

/**
 * Adds IAM Access Analyzer's findings to the results for the same documents.
 *
 * @throws InputError if it can't be called
 */
export async function tellAnalyzerFindings(
  given: readonly GivenDocuments[],
  options: AnalyzerOptions,
  output: Output,
  page: Page,
): Promise<void> {
  const policies = given.flatMap(({ policies: ofSet, world }) => ofSet.map((policy) => asInAws(policy, world)));
  output.write(`\n${renderAnalyzerFindings(await accessAnalyzerFindings(policies, options), page)}`);
}

/** Replaces a scenario's placeholders, because they are not valid ARNs. */
function asInAws(policy: PolicyFile, world: World): PolicyFile {
  return { ...policy, document: fillPlaceholders(policy.document, placeholdersOf(world)) as PolicyDocument };
}
