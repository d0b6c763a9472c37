import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { main } from '../../cli/main.ts';
import type { Report } from '../../core/report.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { loadScenario } from '../../sandbox/scenario-files.ts';
import { useModeledSandbox } from '../cli/preflight/modeled-sandbox.ts';
import { testSurroundings } from '../cli/surroundings.ts';
import { inChromium, root } from './in-chromium.ts';

export const twentyCustomers = inChromium('twenty customers', ({ open }) => {
  // The simulation is enough here, because the catalog's tests compare the real check with preflight.
  useModeledSandbox();
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'customers-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const scenarios = [
    'bucket-policy/silent',
    'bucket-policy/bucket-arn-only',
    'bucket-policy/actions-to-read-only',
    'bucket-policy/prefix-is-another',
    'bucket-policy/principal-is-a-deleted-role',
    'bucket-policy/principal-is-another-role',
    'bucket-policy/sse-s3-demanded',
    'bucket-policy/acl-demanded',
    'bucket-policy/source-ip-denied',
    'bucket-policy/vpc-endpoint-demanded',
    'bucket-policy/any-key-forbidden',
    'key-policy/silent',
    'key-policy/decrypt-forgotten',
    'key-policy/encrypt-instead-of-generate-data-key',
    'key-policy/via-service-of-another-region',
    'key-policy/principal-is-another-account',
    'key-policy/inbox-only-forgotten',
    'resource-control-policy/s3-identity-perimeter',
    'combined/bucket-and-key-of-the-inbox',
    'several-faults/customer-did-nothing',
  ];

  it('are judged as preflight judges them', async () => {
    const app = await assembly();
    const folders: { readonly scenario: string; readonly files: readonly string[]; readonly path: string }[] = [];
    for (const [at, scenario] of scenarios.entries()) {
      const { world, event: tested } = await loadScenario(join(root, 'scenarios', `${scenario}.yaml`), app);
      const path = join(folder, `c${at}`);
      mkdirSync(path);
      const inbox = world.buckets.get(world.inboxBucket);
      const documents: Readonly<Record<string, unknown>> = {
        'event.json': {
          ...tested,
          customer: `c${at}`,
          deliveryRoleArn: world.deliveryRoleArn,
          internal: { bucket: world.internalBucket, ...tested.internal },
        },
        'bucket-policy.json': inbox?.policy,
        'key-policy.json': world.keys.get(world.inboxKeyArn)?.policy,
        'rcp.json': world.accounts
          .get(world.customerAccountId)
          ?.resourceControlPolicies.find(({ name }) => name !== 'RCPFullAWSAccess')?.document,
      };
      const files = Object.entries(documents).flatMap(([name, document]) => {
        if (document === undefined) return [];
        writeFileSync(join(path, name), JSON.stringify(document, null, 2));
        return [join(path, name)];
      });
      folders.push({ scenario, files, path });
    }
    const surroundings = testSurroundings();
    await main(['preflight', '--json', ...folders.map(({ path }) => path)], surroundings);
    const reports = JSON.parse(surroundings.written.stdout) as readonly Report[];

    const titles = {
      passed: 'It works',
      denied: 'Reports will be refused',
      misconfigured: "Reports can't be delivered as required",
      inconclusive: 'Not known yet',
    };
    const page = await open({});
    for (const [at, { scenario, files }] of folders.entries()) {
      // New documents replace older ones of the same name. Only documents that this customer lacks must be removed.
      const names = files.map((file) => basename(file));
      if (folders[at - 1]?.files.some((file) => !names.includes(basename(file)))) await page.clear();
      await page.drop(...files);
      const { verdict, diagnoses = [] } = reports[at] ?? {};
      expect({ scenario, ...(await page.shown()) }).toEqual({
        scenario,
        title: titles[verdict ?? 'passed'],
        faults: diagnoses.map(({ summary }) => summary.replaceAll('`', '')),
      });
    }
    expect(page.seen).toEqual([]);
  });
});
