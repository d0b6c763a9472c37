import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { scenarioFilesIn } from '../../../cli/input/scenario-files.ts';
import { analyzeDocuments, prepareDocuments } from '../../../cli/preflight/analyze-documents.ts';
import { documentSets } from '../../../cli/preflight/preflight-inputs.ts';
import { type WarmSandbox, warmSandbox } from '../../../cli/preflight/warm-sandbox.ts';
import { InputError } from '../../../model/text/input-error.ts';
import type { World } from '../../../model/world/world.ts';
import type { PageSettings } from '../../../page/contract.ts';
import { type Assembly, assembly } from '../../../sandbox/assembly.ts';
import { defaultScenario, loadScenario, templatesOf } from '../../../sandbox/scenario-files.ts';
import { projectRoot } from '../../lib/synthesized.ts';
import { type BundledJudge, bundledJudge } from './bundled-judge.ts';
import { inputOf, judgmentAs, preflightOf } from './preflight-of.ts';
import { documentsOf } from './scenario-documents.ts';

let accountA: Assembly;
let shipped: World;
let settings: PageSettings;
let bundle: BundledJudge;
let sandbox: WarmSandbox;

beforeAll(async () => {
  accountA = await assembly();
  ({ world: shipped } = await defaultScenario(accountA));
  settings = { service: {}, everything: false, templates: templatesOf(accountA) };
  bundle = bundledJudge(settings);
  sandbox = warmSandbox(accountA.bundleDir);
});

afterAll(() => sandbox.stop());

function inputOfFolder(folder: string): Parameters<typeof documentSets>[0] {
  const deployment = { parameters: {}, imports: {}, stackName: undefined };
  return { paths: [folder], events: [], scenarios: [], policies: {}, templates: [], deployment, told: {} };
}

/** Nothing is found if a document is rejected. */
function refusal(error: unknown): undefined {
  if (!(error instanceof InputError)) throw error;
}

/** One in this many scenarios, because the whole catalog takes minutes. EVERY_SCENARIO=1 takes all of it. */
const sample = process.env['EVERY_SCENARIO'] ? 1 : 25;
const parts = 4;
const verdicts = new Set<string>();

it.each(Array.from({ length: parts }, (_, part) => part))(
  'gives the same result as preflight for the documents of scenarios (part %i)',
  async (part) => {
    const all = await scenarioFilesIn(join(projectRoot, 'scenarios'));
    const files = all.filter((_, at) => at % sample === 0).filter((_, at) => at % parts === part);
    for (const file of files) {
      const documents = documentsOf(await loadScenario(file, accountA), shipped);
      const judged = await bundle.judge(inputOf(documents));
      const found = await preflightOf(documents, accountA, sandbox).catch(refusal);
      if (found === undefined)
        expect([file, judged.report, judged.problems]).toEqual([file, undefined, [expect.anything()]]);
      else expect({ file, problems: judged.problems, ...judgmentAs(judged) }).toEqual({ file, problems: [], ...found });
      verdicts.add(found?.verdict ?? 'refused');
    }
  },
);

it('was compared for several verdicts', () => {
  expect([...verdicts]).toEqual(expect.arrayContaining(['passed', 'denied', 'inconclusive']));
});

it.each(['acme', 'globex', 'initech'])('recognizes documents by their content, as preflight does: %s', async (name) => {
  const folder = join(projectRoot, 'test/fixtures/preflight', name);
  const documents = readdirSync(folder).map((file) => {
    return { id: file, name: file, text: readFileSync(join(folder, file), 'utf8') };
  });
  const [set] = await documentSets(inputOfFolder(folder), Readable.from([]));
  if (!set) throw new Error('no documents');
  const { report } = await analyzeDocuments(await prepareDocuments(set, accountA), sandbox);
  const judged = await bundle.judge({ documents });
  const withPlaces = judgmentAs(judged);
  expect(withPlaces.faults).toEqual(
    report.diagnoses.map(({ step, denial, confidence, remedy }, at) => {
      const { action, layer, side, effect, statement } = denial;
      const place = (withPlaces.faults[at] as readonly unknown[]).slice(7);
      if (statement?.line) expect(place[1]).toBe(statement.line);
      return [step, action, layer, side, effect, confidence, remedy?.verified, ...place];
    }),
  );
  expect(withPlaces.verdict).toBe(report.verdict);
});

describe('what is not a document', () => {
  const long = 1_000_000;
  const statement = { Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/*' };
  const texts: Readonly<Record<string, string>> = {
    'a million brackets': '['.repeat(long),
    'braces within braces': '{"a":'.repeat(long / 5),
    'quotation marks alone': '"'.repeat(long / 8),
    'commas in a list': `[${','.repeat(long / 8)}`,
    'line breaks alone': `${'\n'.repeat(long / 20)}x`,
    'lists in lists': '- '.repeat(long / 2),
    'five megabytes': 'x'.repeat(5 * long),
    'beginnings of placeholders': `Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub "${'${a'.repeat(20_000)}"\n`,
    'aliases of aliases': Array.from({ length: 30 }, (_, nth) => `a${nth}: &a${nth} [*a${nth - 1}, *a${nth - 1}]`).join(
      '\n',
    ),
    'a policy of megabytes': JSON.stringify({ Statement: Array.from({ length: 30_000 }, () => statement) }),
  };
  const kinds = ['customer.inbox.bucketPolicy', 'template', undefined];

  it.each(Object.keys(texts))('gets an answer, and nothing is thrown: %s', async (what) => {
    for (const as of kinds) {
      // JSON is read in the same way for each type.
      for (const name of as === 'template' ? ['x.yaml'] : ['x.json', 'x.yaml']) {
        const document = { id: 'x', name, text: texts[what] ?? '', ...(as !== undefined && { as }) };
        const { report, problems, recognized } = await bundle.judge({ documents: [document] });
        // It is not a document of a delivery, or it has errors.
        expect(problems.length > 0 || recognized.every(({ used }) => !used)).toBe(true);
        expect(report === undefined).toBe(problems.length > 0);
        expect(JSON.stringify(problems)).not.toContain('could not be judged');
      }
    }
  });

  it('changes no object of the program through names', async () => {
    const inside = '"__proto__": { "polluted": true }, "constructor": { "prototype": { "polluted": true } }';
    const policy = `{ ${inside}, "Version": "2012-10-17", "Statement": [{ ${inside}, "Effect": "Allow" }] }`;
    const template = 'Resources:\n  __proto__:\n    Type: AWS::S3::Bucket\n  constructor:\n    Type: AWS::KMS::Key\n';
    const told = JSON.parse('{ "__proto__": "x", "constructor": "y" }');
    const given = { told, deployment: { parameters: told, imports: told } };
    await bundle.judge({
      ...given,
      documents: [{ id: 'p', name: 'p.json', text: policy, as: 'customer.inbox.bucketPolicy' }],
    });
    await bundle.judge({ ...given, documents: [{ id: 't', name: 't.yaml', text: template, as: 'template' }] });
    expect(bundle.evaluate('({}).polluted')).toBeUndefined();
    expect((await bundle.judge({})).report).toMatchObject({ verdict: 'passed' });
  });
});
