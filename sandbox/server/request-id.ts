import { randomBytes, randomUUID } from 'node:crypto';
import type { Protocol } from '../wire/protocol.ts';

/** S3's request ids are 16 upper-case characters, those of other services UUIDs. */
export function newRequestId(protocol: Protocol): string {
  return protocol === 'rest-xml' ? randomBytes(8).toString('hex').toUpperCase() : randomUUID();
}

/** S3's second id, which support asks for together with the first. */
export function newHostId(): string {
  return randomBytes(57).toString('base64');
}
