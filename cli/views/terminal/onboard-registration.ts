import { printable } from '../../../core/printable.ts';
import { type FieldDifference, type Registered, registrationOutcomes } from '../../onboard/register.ts';
import { fields, type Page, wrap } from './page.ts';

interface RegistrationView {
  readonly notes: readonly string[];
  /** What is registered, or would be. */
  readonly event: unknown;
}

const marks = {
  created: ['✓', 'good'],
  replaced: ['✓', 'good'],
  unchanged: ['✓', 'good'],
  'not-replaced': ['✗', 'bad'],
  'would-be-created': ['·', 'strong'],
  'would-be-replaced': ['·', 'strong'],
} as const satisfies Readonly<Record<Registered['outcome'], readonly [string, keyof Page['paint']]>>;

/** What became of a registration. */
export function renderRegistration(registered: Registered, { notes, event }: RegistrationView, page: Page): string {
  const { customer, bucket, key, outcome, differences, versionId } = registered;
  const { width, paint } = page;
  const [mark, tone] = marks[outcome];
  const rows = [
    ['registry', `s3://${bucket}/${key}`],
    ...(versionId === undefined ? [] : [['version', versionId]]),
  ].map(([label = '', text = '']) => [label, text] as const);
  return `${[
    paint[tone](`${mark} ${customer}: ${registrationOutcomes[outcome]}`),
    '',
    ...fields(rows, width, '  '),
    ...(outcome === 'would-be-created' ? ['', ...documentLines(event)] : []),
    ...(differences.length > 0 ? ['', ...differenceLines(differences, page)] : []),
    ...(outcome === 'not-replaced' ? ['', ...wrap(howToReplace, width, '  ')] : []),
    ...notes.flatMap((note) => ['', ...wrap(note, width, '    ', '  ! ').map((line) => paint.warn(line))]),
  ].join('\n')}\n`;
}

const howToReplace =
  'If the given values are right, replace the registration with --replace. The previous version is kept. To preview the change, add --dry-run.';

/** Field by field, the old value above the new one. */
function differenceLines(differences: readonly FieldDifference[], { width, paint }: Page): string[] {
  return differences.flatMap(({ path, registered, given }) => [
    paint.strong(`  ${printable(path) || 'the whole entry, which is not a JSON object'}`),
    ...wrap(registered ?? 'no such field', width, '                ', '    registered  '),
    ...wrap(given ?? 'no such field', width, '                ', '    given       '),
  ]);
}

function documentLines(document: unknown): string[] {
  return JSON.stringify(document, null, 2)
    .split('\n')
    .map((line) => `  ${printable(line)}`);
}
