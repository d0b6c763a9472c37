import { placed } from '../../../model/text/excerpt.ts';
import type { FixedDocuments } from '../../preflight/fix-documents.ts';
import { describeFault } from './expectation.ts';
import { type Page, wrap } from './page.ts';

/** What was written to mend the documents, and what is left to do. */
export function renderFixes(
  { title, directory, fixes, written, copied, byHand, left }: FixedDocuments,
  { width, paint }: Page,
): string {
  const bullet = (text: string) => wrap(text, width, '    ', '  - ');
  const wrote = written.length > 0 ? `wrote ${written.join(', ')}` : 'nothing to fix in the given documents';
  const beside =
    copied.length > 0 ? `; copied ${copied.join(', ')} as ${copied.length > 1 ? 'they are' : 'it is'}` : '';
  const lines = [
    ...wrap(`${title}: ${wrote}${beside}.`, width).map((line) => paint.strong(line)),
    ...fixes.flatMap(({ file, at, summary }) => bullet(`${placed(file, at)}: ${summary}`)),
    ...(byHand.length > 0 ? [paint.strong('  By hand:'), ...byHand.flatMap(bullet)] : []),
    ...(left.length > 0
      ? [
          paint.strong('  Left: not in these documents, or no change of them fixes it without granting more:'),
          ...left.flatMap((fault) => bullet(describeFault(fault))),
        ]
      : []),
    ...(written.length > 0 ? wrap(`Check them: \`secure-inbox preflight ${directory}\``, width, '  ') : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** For whoever has documents that can be mended, and may not know it. */
export function renderFixHint({ width }: Page): string {
  const hint = '--fix DIR writes these documents to a folder, with all fixes that are possible.';
  return `\n${wrap(hint, width, '  ').join('\n')}\n`;
}
