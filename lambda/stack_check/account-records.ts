import { PutObjectCommand } from '@aws-sdk/client-s3';
import * as v from 'valibot';
import { within } from '../../core/time.ts';
import { type AccountRecord, type Admission, type Asking, admission, recordSchema, released } from './admission.ts';
import type { StackCheckConfiguration } from './configuration.ts';
import { ownObjectsIn } from './own-objects.ts';

/** Decides if checks may start, and remembers them. */
export interface AccountRecords {
  /** @throws if the record can't be read or written; then nothing may start */
  admit(accountId: string, asking: Asking, signal: AbortSignal): Promise<Admission>;
  /** Never throws. A record that is not released expires when the invocation's time is up. */
  release(accountId: string, invocationId: string): Promise<void>;
}

interface Seen {
  readonly record: AccountRecord;
  /** Absent if the object doesn't exist yet. */
  readonly etag?: string;
}

/** Two invocations that read the same record can't both replace it. The slower one reads it again. */
const attempts = 5;

const releaseMs = 5_000;

/**
 * One object per account in the function's own bucket, replaced by conditional writes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function connectToRecords(configuration: StackCheckConfiguration): AccountRecords {
  const { requestsBucket, checksPerHour } = configuration;
  const { client, at, read: readObject } = ownObjectsIn(requestsBucket, configuration);
  const keyOf = (accountId: string) => `${accountId}.json`;

  async function read(accountId: string, signal: AbortSignal): Promise<Seen> {
    const found = await readObject(keyOf(accountId), signal);
    return found ? { ...found, record: v.parse(recordSchema, found.value) } : { record: { started: [] } };
  }

  /** @returns false if another invocation has replaced it in the meantime */
  async function write(accountId: string, record: AccountRecord, { etag }: Seen, abortSignal: AbortSignal) {
    const command = new PutObjectCommand({
      ...at(keyOf(accountId)),
      Body: JSON.stringify(record),
      ContentType: 'application/json',
      ...(etag ? { IfMatch: etag } : { IfNoneMatch: '*' }),
    });
    try {
      await client.send(command, { abortSignal });
      return true;
    } catch (error) {
      const { name } = error as Error;
      if (['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'].includes(name)) return false;
      throw error;
    }
  }

  return {
    async admit(accountId, asking, signal) {
      for (let nth = 0; nth < attempts; nth++) {
        const seen = await read(accountId, signal);
        const decided = admission(seen.record, asking, checksPerHour);
        if (decided.kind !== 'admitted' || (await write(accountId, decided.record, seen, signal))) return decided;
      }
      return { kind: 'busy' };
    },
    async release(accountId, invocationId) {
      try {
        await within(releaseMs, async (signal) => {
          const seen = await read(accountId, signal);
          await write(accountId, released(seen.record, invocationId), seen, signal);
        });
      } catch {
        // The record expires by itself.
      }
    },
  };
}
