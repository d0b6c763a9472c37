import { createHash } from 'node:crypto';
import { endpointOf } from '../../core/arn.ts';
import type { StoredObject } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { element, unescaped } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { checksum, checksumElements, compositeChecksum, sentAlgorithm } from './checksums.ts';
import { decryptObject } from './encryption.ts';
import { invalidRequest } from './errors.ts';
import { objectHeaders, store } from './objects.ts';
import { documentAnswer, type ObjectOperation } from './operation.ts';
import { checkWrite, checkWriteHeaders } from './preconditions.ts';
import { type MultipartUpload, namedUpload, type UploadedPart, uploadsIn } from './uploads.ts';

/**
 * The object doesn't exist before this. KMS is called only to compare checksums, which S3 stores encrypted.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export const completeMultipartUpload: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers } = request;
  checkWriteHeaders(headers);
  const upload = namedUpload(request, bucket, key);
  const named = namedParts(request.body.toString());
  ask(world, request, { action: 's3:PutObject', bucket, key, createsObject: true });
  const comparesChecksums =
    sentAlgorithm(headers) !== undefined || named.some(({ checksums }) => Object.keys(checksums).length > 0);
  if (comparesChecksums) decryptObject(world, request, bucket, upload);
  const parts = partsToJoin(upload, named);
  const body = Buffer.concat(parts.map((part) => part.body));
  checkSize(headers['x-amz-mp-object-size'], body.length);
  const checksums = checksumsOf(upload, parts, body);
  checkChecksum(request, upload, checksums);
  checkWrite(headers, key, bucket.objects.get(key));

  const { description, tags, encryption } = upload;
  const isComposite = upload.checksum?.type === 'COMPOSITE';
  const stored = store(world, bucket, {
    key,
    body,
    ...description,
    tags,
    encryption,
    checksums,
    checksumType: upload.checksum?.type ?? 'FULL_OBJECT',
    etag: etagOfParts(parts),
    parts: parts.map((part) => ({
      size: part.body.length,
      checksums: isComposite ? part.checksums : parts.length === 1 ? checksums : {},
    })),
  });
  uploadsIn(bucket).delete(upload.id);
  const { etag, ...about } = objectHeaders(stored);
  return documentAnswer(
    'CompleteMultipartUploadResult',
    [
      element('Location', `https://${bucket.name}.${endpointOf('s3', bucket.region)}/${encodeURIComponent(key)}`),
      element('Bucket', bucket.name),
      element('Key', key),
      element('ETag', etag ?? ''),
      // With KMS, S3 returns no checksum unless it decrypted them to compare.
      ...(encryption.kmsKeyArn === undefined || comparesChecksums
        ? [...checksumElements(checksums), element('ChecksumType', stored.checksumType ?? 'FULL_OBJECT')]
        : []),
    ],
    about,
  );
};

function checksumsOf(
  { checksum: wanted }: MultipartUpload,
  parts: readonly UploadedPart[],
  body: Buffer,
): StoredObject['checksums'] {
  if (wanted?.type === 'COMPOSITE') return { [wanted.algorithm]: ofParts(wanted.algorithm, parts) };
  return checksum(wanted?.algorithm ?? 'crc64nvme', body);
}

function checkChecksum(
  { headers }: SandboxRequest,
  { checksum: wanted }: MultipartUpload,
  checksums: StoredObject['checksums'],
): void {
  const type = headers['x-amz-checksum-type'];
  if (type !== undefined && type !== wanted?.type) {
    throw invalidRequest(
      `The upload was created using the ${wanted?.type ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const sent = sentAlgorithm(headers);
  if (sent === undefined) return;
  const [name = '', value = ''] = Object.entries(checksums)[0] ?? [];
  // A checksum of parts may be sent without the number of parts.
  const accepted = [value, value.replace(/-\d+$/, '')];
  if (sent === name && accepted.includes(headers[`x-amz-checksum-${sent}`] ?? '')) return;
  throw badDigest(`The ${name} you specified did not match the calculated checksum.`);
}

function checkSize(header: string | undefined, size: number): void {
  if (header === undefined || Number(header) === size) return;
  throw invalidRequest(
    `The provided 'x-amz-mp-object-size' header value ${header} does not match what was computed: ${size}`,
  );
}

/** The MD5 of the parts' MD5s, followed by the number of parts. */
function etagOfParts(parts: readonly UploadedPart[]): string {
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex')));
  return `"${createHash('md5').update(digests).digest('hex')}-${parts.length}"`;
}

interface NamedPart {
  readonly number: number;
  /** Without the quotation marks. */
  readonly etag: string;
  /** Keyed by algorithm, in lower case. */
  readonly checksums: Readonly<Record<string, string>>;
}

const smallestPart = 5 * 1024 ** 2;

/** Reads `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"…"</ETag></Part>…`. */
function namedParts(body: string): readonly NamedPart[] {
  if (!/<CompleteMultipartUpload[\s/>]/.test(body)) throw malformedXml();
  const parts = [...body.matchAll(/<Part(?:\s[^>]*)?>([\s\S]*?)<\/Part>/g)].map(([, inner = '']) => {
    const children = [...inner.matchAll(/<(\w+)[^>]*>([^<]*)<\/\1>/g)].map(
      ([, name = '', text = '']) => [name, unescaped(text.trim())] as const,
    );
    const { PartNumber = '', ETag = '', ...others } = Object.fromEntries(children);
    if (!/^\d+$/.test(PartNumber)) throw malformedXml();
    const checksums = Object.entries(others).filter(([name]) => name.startsWith('Checksum'));
    return {
      number: Number(PartNumber),
      etag: ETag.replaceAll('"', ''),
      checksums: Object.fromEntries(checksums.map(([name, value]) => [name.slice(8).toLowerCase(), value])),
    };
  });
  if (parts.length === 0) throw invalidRequest('You must specify at least one part');
  return parts;
}

/** The parts of the object, after checking each against the request. */
function partsToJoin(upload: MultipartUpload, named: readonly NamedPart[]): readonly UploadedPart[] {
  if (named.some(({ number }, index) => index > 0 && number <= (named[index - 1]?.number ?? 0))) {
    throw new AwsError(
      'InvalidPartOrder',
      400,
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
      { UploadId: upload.id },
    );
  }
  const parts = named.map((part) => uploaded(upload, part));
  const small = parts.slice(0, -1).find(({ body }) => body.length < smallestPart);
  if (small) {
    throw new AwsError('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(small.body.length),
      MinSizeAllowed: String(smallestPart),
      PartNumber: String(small.number),
      ETag: small.etag.replaceAll('"', ''),
    });
  }
  return parts;
}

function uploaded({ id, parts, checksum }: MultipartUpload, named: NamedPart): UploadedPart {
  const part = parts.get(named.number);
  const algorithm = checksum?.algorithm ?? '';
  const [other] = Object.keys(named.checksums).filter((name) => name !== algorithm);
  if (checksum?.type === 'COMPOSITE' && other !== undefined) {
    throw badDigest(`The ${other} you specified for part ${named.number} did not match what we received.`);
  }
  const isAsNamed =
    part?.etag.replaceAll('"', '') === named.etag &&
    Object.entries(named.checksums).every(([name, value]) => part.checksums[name] === value);
  if (!part || !isAsNamed) {
    throw new AwsError(
      'InvalidPart',
      400,
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { UploadId: id, PartNumber: String(named.number), ETag: named.etag },
    );
  }
  if (checksum?.type === 'COMPOSITE' && named.checksums[algorithm] === undefined) {
    throw invalidRequest(
      `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${named.number} in the request.`,
    );
  }
  return part;
}

/** The checksum of an object whose upload uses composite checksums. */
function ofParts(algorithm: string, parts: readonly UploadedPart[]): string {
  return compositeChecksum(
    algorithm,
    parts.map(({ checksums }) => checksums[algorithm] ?? ''),
  );
}

function badDigest(message: string): AwsError {
  return new AwsError('BadDigest', 400, message);
}

function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
