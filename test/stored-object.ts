import { createHash } from 'node:crypto';
import type { StoredObject } from '../model/world/world.ts';

/** An object that was put into a bucket before the test. */
export function storedObject(key: string, text: string): StoredObject {
  return {
    key,
    body: Buffer.from(text),
    etag: `"${createHash('md5').update(text).digest('hex')}"`,
    lastModified: new Date(0),
    contentType: 'application/json',
    metadata: {},
    tags: {},
    encryption: { sseAlgorithm: 'AES256', bucketKeyEnabled: false, context: {} },
    checksums: {},
  };
}
