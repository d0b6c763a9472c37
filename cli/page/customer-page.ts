import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { partRow, policyPartNames } from '../../core/parts.ts';
import { defined } from '../../core/values.ts';
import type { Side } from '../../core/vocabulary.ts';
import { preparedDocuments } from '../../model/preflight/prepare.ts';
import { policiesOfPart } from '../../model/remedies/documents.ts';
import { type StackTemplates, scenarioWith } from '../../model/world/scenario.ts';
import type { World } from '../../model/world/world.ts';
import type { PageSettings } from '../../page/contract.ts';
import { withSettings } from '../../page/shell.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { templatesOf } from '../../sandbox/scenario-files.ts';
import { ensureWritable, htmlPage, writeOutput } from '../output-files.ts';
import type { Progress } from '../progress.ts';
import { synthesizedApp } from '../run/prepare-sandbox.ts';
import { type PageInput, serviceOf } from './page-input.ts';

/**
 * The customer's page with the service's values.
 *
 * @throws InputError if the event is invalid
 */
export async function customerPage(input: PageInput, assembly: Assembly): Promise<string> {
  return withSettings(builtPage(), await pageSettings(input, assembly));
}

function builtPage(): string {
  return readFileSync(join(import.meta.dirname, '../../dist/page.html'), 'utf8');
}

async function pageSettings(input: PageInput, assembly: Assembly): Promise<PageSettings> {
  const { everything, begins = {}, known } = input;
  const templates = templatesOf(assembly);
  const { world, event } = await accountsOf(input, templates);
  const service = { ...(input.event && serviceIn(event)), ...input.service };
  const isExample = everything && begins.documents === undefined && input.event === undefined;
  return {
    service,
    everything,
    ...(known && { known }),
    ...((input.event || everything) && { event }),
    templates: {
      service: { file: 'service-template.json', text: withoutTheRest(templates.service.text) },
      customer: { file: 'secure-inbox.yaml', text: templates.customer.text },
    },
    serviceDocuments: documentsOf(world, 'service'),
    ...(isExample && { documents: documentsOf(world, 'customer') }),
    ...begins,
  };
}

async function accountsOf({ event, known = {}, service = {} }: PageInput, templates: StackTemplates) {
  if (event) {
    const set = { title: 'page', event, policies: [], settings: [], told: {}, unused: [] };
    const prepared = await preparedDocuments(set, templates);
    return { world: prepared.scenario.world, event: prepared.event };
  }
  const { customer, accountId, region, prefix } = known;
  const { deliveryRoleArn, internalBucket, internalKeyArn: serviceKeyArn } = service;
  const serviceAccount = parseArn(deliveryRoleArn ?? '')?.accountId;
  const serviceRegion = parseArn(serviceKeyArn ?? '')?.region ?? region;
  return scenarioWith(
    {
      name: 'page',
      why: 'what the service says',
      service: defined({ accountId: serviceAccount, region: serviceRegion }),
      customer: defined({ accountId, region }),
      expect: { verdict: 'passed' },
    },
    templates,
    undefined,
    defined({ customer, prefix, deliveryRoleArn, internalBucket, serviceKeyArn }),
  );
}

function serviceIn({ deliveryRoleArn, internal, inbox }: TestEvent): NonNullable<PageInput['service']> {
  const serviceKeyArn = internal?.kmsKeyArn === inbox.kmsKeyArn ? undefined : internal?.kmsKeyArn;
  return serviceOf({ deliveryRoleArn, internalBucket: internal?.bucket, serviceKeyArn });
}

/** One side's policies, as far as the page has tabs for them. */
function documentsOf(world: World, side: Side): NonNullable<PageSettings['serviceDocuments']> {
  return policyPartNames
    .filter((part) => part.startsWith(`${side}.`))
    .flatMap((part) => {
      const [, file] = partRow(part).tab ?? [];
      if (file === undefined) return [];
      return policiesOfPart(world, part).map(({ name, document }) => ({
        name: name === undefined ? file : `${name}.json`,
        as: part,
        text: `${JSON.stringify(document, null, 2)}\n`,
      }));
    });
}

/** Resources of a delivery, including those of the check. */
const kept = /^AWS::(?:IAM|S3|KMS|Lambda)::/;

/** Removes the service's alarms and state machines, so that the customer sees only that they exist. */
function withoutTheRest(text: string): string {
  const template = JSON.parse(text) as { readonly Resources: Readonly<Record<string, { readonly Type: string }>> };
  const resources = Object.entries(template.Resources).map(([name, resource]) =>
    kept.test(resource.Type) ? [name, { ...resource, Metadata: undefined }] : [name, { Type: resource.Type }],
  );
  return JSON.stringify({ ...template, Resources: Object.fromEntries(resources) });
}

/**
 * @param option the option with the file's name
 * @returns the message for the user
 * @throws InputError if the file can't be written, or the input is invalid
 */
export async function writePage(file: string, option: string, input: PageInput, progress: Progress): Promise<string> {
  const kind = htmlPage(option);
  await ensureWritable(file, kind);
  const page = await customerPage(input, await synthesizedApp(progress));
  await writeOutput(file, kind, page);
  const size = Math.round(Buffer.byteLength(page) / 1000);
  return `${file}: ${size} kB. Open it in a browser, or send it as a file: it makes no requests.\n`;
}
