import { readdirSync, readFileSync } from 'node:fs';
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { reasonOf, run } from '../clients/run-command.mjs';
import { region } from './aws.mjs';

const assetsBucket = (owner) => `cdk-hnb659fds-assets-${owner.id}-${region}`;

/** Uploads the functions' code to where the template expects it, as `cdk deploy` does. */
export async function uploadAssets(owner, program, assets) {
  const Bucket = assetsBucket(owner);
  await owner.s3.send(new CreateBucketCommand({ Bucket })).catch((error) => {
    if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
  });
  for (const { key, folder } of assets) {
    const zip = `${folder}.zip`;
    const args = ['-m', 'zipfile', '-c', zip, ...readdirSync(folder)];
    const zipped = await run(program('python'), args, { cwd: folder });
    if (zipped.status !== 0) throw new Error(reasonOf(zipped));
    await owner.s3.send(new PutObjectCommand({ Bucket, Key: key, Body: readFileSync(zip) }));
  }
}

export const deploy = (owner, stack) => carryOut(owner, CreateStackCommand, stack);
export const update = (owner, stack) => carryOut(owner, UpdateStackCommand, stack);

/** A template of more than 51,200 bytes must be in S3. */
async function placed(owner, template) {
  if (typeof template === 'string') return { TemplateBody: template };
  const [Bucket, Key] = [assetsBucket(owner), 'template.json'];
  await owner.s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(template) }));
  // moto recognizes its own address only by this name.
  const url = owner.url.replace('127.0.0.1', 'localhost');
  return { TemplateURL: `${url}/${Bucket}/${Key}` };
}

/** @returns the stack's outputs by name */
async function carryOut(owner, Command, { name, template, parameters = {} }) {
  const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  await owner.cloudformation.send(
    new Command({
      StackName: name,
      ...(await placed(owner, template)),
      Parameters,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  const { StackStatus, StackStatusReason, Outputs = [] } = await settled(owner, name);
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus)) {
    throw new Error(`${StackStatus}: ${(await firstFailure(owner, name)) ?? StackStatusReason}`);
  }
  return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

export async function remove(owner, name) {
  await owner.cloudformation.send(new DeleteStackCommand({ StackName: name }));
  const { StackStatus } = await settled(owner, name).catch((error) => {
    if (!/does not exist/.test(error.message)) throw error;
    return { StackStatus: 'DELETE_COMPLETE' };
  });
  if (StackStatus !== 'DELETE_COMPLETE') throw new Error(`${StackStatus}: ${await firstFailure(owner, name)}`);
}

async function settled(owner, StackName) {
  for (;;) {
    const { Stacks } = await owner.cloudformation.send(new DescribeStacksCommand({ StackName }));
    if (!/_IN_PROGRESS$/.test(Stacks[0].StackStatus)) return Stacks[0];
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function firstFailure(owner, StackName) {
  const { StackEvents = [] } = await owner.cloudformation.send(new DescribeStackEventsCommand({ StackName }));
  const failed = StackEvents.filter(({ ResourceStatus }) => /_FAILED$/.test(ResourceStatus)).at(-1);
  return failed && `${failed.LogicalResourceId}: ${failed.ResourceStatusReason}`;
}
