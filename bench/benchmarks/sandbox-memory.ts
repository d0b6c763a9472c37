import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { accessTo } from '../../cli/views/terminal/sandbox-access.ts';
import type { Benchmark } from '../benchmark.ts';

const requests = 30_000;
const lanes = 6;
const command = join(import.meta.dirname, '../../bin/secure-inbox.mjs');

export const sandboxMemory: Benchmark = {
  name: 'sandbox-memory',
  question: `How much memory does the command sandbox take in ${requests.toLocaleString('en-US')} requests?`,
  async measure(progress) {
    if (process.platform !== 'linux') throw new Error('sandbox-memory reads /proc, which Linux alone has.');
    progress.stage('Starting the sandbox…');
    const sandbox = spawn(process.execPath, [command, 'sandbox', '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const stop = () => sandbox.kill();
    process.once('exit', stop);
    try {
      const access = await accessOf(sandbox);
      const atStart = memoryOf(sandbox, 'VmRSS');
      await load(access, (sent) => progress.counter(`${sent} of ${requests} requests`));
      const note = 'a third of them each PutObject of 300 bytes that stay, AssumeRole and GenerateDataKey';
      return [
        { what: 'memory at the start', value: atStart, unit: 'MiB' },
        { what: 'peak memory', value: memoryOf(sandbox, 'VmHWM'), unit: 'MiB', goal: { below: 150 }, note },
      ];
    } finally {
      process.removeListener('exit', stop);
      const ended = once(sandbox, 'exit');
      stop();
      await ended;
    }
  },
};

async function accessOf({ stdout }: ChildProcess): Promise<ReturnType<typeof accessTo>> {
  let text = '';
  for await (const chunk of stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    text += String(chunk);
    if (text.endsWith('\n}\n')) return JSON.parse(text);
  }
  throw new Error('The sandbox ended before it served.');
}

async function load(access: ReturnType<typeof accessTo>, onSent: (sent: number) => void): Promise<void> {
  const as = (name: string) => {
    const environment = access.principals.find((principal) => principal.name === name)?.environment ?? {};
    return {
      endpoint: access.url,
      region: 'us-east-1',
      credentials: {
        accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
        secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
        ...(environment['AWS_SESSION_TOKEN'] !== undefined && { sessionToken: environment['AWS_SESSION_TOKEN'] }),
      },
    };
  };
  const [check, customer] = [access.principals[0]?.name ?? '', access.principals[2]?.name ?? ''];
  const s3 = new S3Client({ ...as(customer), forcePathStyle: true });
  const kms = new KMSClient(as(customer));
  const sts = new STSClient(as(check));
  const { inboxBucket: Bucket, inboxKeyArn, deliveryRoleArn: RoleArn } = access;
  const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: inboxKeyArn } as const;
  let sent = 0;
  const oneLane = async (lane: number) => {
    for (let i = 0; sent < requests; i++, sent += 3) {
      const Key = `reports/${lane}-${i}.json`;
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x'.repeat(300), ...encryption }));
      await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: `check-${lane}-${i}` }));
      await kms.send(new GenerateDataKeyCommand({ KeyId: inboxKeyArn, KeySpec: 'AES_256' }));
      onSent(sent);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => oneLane(lane)));
}

function memoryOf({ pid }: ChildProcess, name: 'VmRSS' | 'VmHWM'): number {
  const [, kibibytes] = new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}
