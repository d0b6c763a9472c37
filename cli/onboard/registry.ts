import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { TestEvent } from '../../core/event.ts';
import { registryKeyOf, registryPrefix } from '../../core/object-keys.ts';
import { InputError } from '../../model/text/input-error.ts';
import { answeredByAws } from '../collect/ask-aws.ts';

export interface RegistryEntry {
  readonly text: string;
  /** Identifies the content that was read. */
  readonly etag: string;
}

type Change =
  | { readonly changed: true; readonly versionId?: string }
  /** Someone else changed the entry after it was read. */
  | { readonly changed: false };

/** The registry's bucket, for an operator. Every request names the expected bucket owner. */
export class Registry {
  readonly #s3: S3Client;
  readonly #accountId: string;

  constructor(
    s3: S3Client,
    readonly bucket: string,
    accountId: string,
  ) {
    this.#s3 = s3;
    this.#accountId = accountId;
  }

  keyOf(customer: string): string {
    return registryKeyOf(customer);
  }

  /** @returns undefined if the customer is not registered */
  async read(customer: string): Promise<RegistryEntry | undefined> {
    try {
      const { Body, ETag = '' } = await this.#s3.send(new GetObjectCommand(this.#object(customer)));
      return { text: (await Body?.transformToString()) ?? '', etag: ETag };
    } catch (error) {
      if (answeredByAws(error).name === 'NoSuchKey') return undefined;
      throw this.#problem(error, 'read', 's3:GetObject and s3:ListBucket');
    }
  }

  /**
   * Two simultaneous operators can't overwrite each other's changes.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
   *
   * @param seen the entry to replace; undefined if there was none
   */
  async write(event: TestEvent, seen: RegistryEntry | undefined): Promise<Change> {
    const command = new PutObjectCommand({
      ...this.#object(event.customer),
      Body: registrationText(event),
      ContentType: 'application/json',
      ...(seen ? { IfMatch: seen.etag } : { IfNoneMatch: '*' }),
    });
    return this.#changed(() => this.#s3.send(command), 'written', 's3:PutObject and s3:GetObject');
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html */
  async remove(customer: string, seen: RegistryEntry): Promise<Change> {
    const command = new DeleteObjectCommand({ ...this.#object(customer), IfMatch: seen.etag });
    return this.#changed(() => this.#s3.send(command), 'removed', 's3:DeleteObject and s3:GetObject');
  }

  /** The first thousand customers with this prefix; undefined if listing is denied. */
  async namesBeginning(start: string): Promise<readonly string[] | undefined> {
    const command = new ListObjectsV2Command({
      Bucket: this.bucket,
      Prefix: `${registryPrefix}${start}`,
      ExpectedBucketOwner: this.#accountId,
    });
    const listed = await this.#s3.send(command).catch(() => undefined);
    if (!listed) return undefined;
    const keys = (listed.Contents ?? []).flatMap(({ Key }) => (Key?.endsWith('.json') ? [Key] : []));
    return keys.map((key) => key.slice(registryPrefix.length, -'.json'.length));
  }

  #object(customer: string) {
    return { Bucket: this.bucket, Key: registryKeyOf(customer), ExpectedBucketOwner: this.#accountId };
  }

  async #changed(
    send: () => Promise<{ readonly VersionId?: string | undefined }>,
    done: string,
    needs: string,
  ): Promise<Change> {
    try {
      const { VersionId: versionId } = await send();
      return { changed: true, ...(versionId !== undefined && { versionId }) };
    } catch (error) {
      // The entry was deleted or created in the meantime, or is being written right now.
      if (['PreconditionFailed', 'NoSuchKey', 'ConditionalRequestConflict'].includes(answeredByAws(error).name)) {
        return { changed: false };
      }
      throw this.#problem(error, done, needs);
    }
  }

  #problem(error: unknown, done: string, needs: string): InputError {
    const { name, message, status } = answeredByAws(error);
    const help =
      status === 403
        ? `It takes ${needs} there; --registry names another bucket, --service-profile other credentials.`
        : 'Try again, or name another bucket with --registry.';
    return new InputError(
      `The registry ${this.bucket} of account ${this.#accountId} cannot be ${done}: ${message} (${name}). ${help}`,
    );
  }
}

/** Formatted for people, too, who may read it in the console. */
function registrationText(event: TestEvent): string {
  return `${JSON.stringify(event, null, 2)}\n`;
}
