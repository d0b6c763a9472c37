import { AwsError } from '../wire/operation.ts';
import { unescaped } from '../wire/xml.ts';
import { compositeChecksum } from './checksums.ts';
import { invalidRequest } from './errors.ts';
import type { MultipartUpload, UploadedPart } from './uploads.ts';

/** A part as the request to complete an upload names it. */
interface NamedPart {
  readonly number: number;
  /** Without quotes. */
  readonly etag: string;
  /** By algorithm, in lower case. */
  readonly checksums: Readonly<Record<string, string>>;
}

const smallestPart = 5 * 1024 ** 2;

/** Reads `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"…"</ETag></Part>…`. */
export function namedParts(body: string): readonly NamedPart[] {
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

/** The parts that the object is made of, after each was found to be what the request says it is. */
export function partsToJoin(upload: MultipartUpload, named: readonly NamedPart[]): readonly UploadedPart[] {
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

/** The checksum of an object whose upload asked for one of its parts. */
export function ofParts(algorithm: string, parts: readonly UploadedPart[]): string {
  return compositeChecksum(
    algorithm,
    parts.map(({ checksums }) => checksums[algorithm] ?? ''),
  );
}

export function badDigest(message: string): AwsError {
  return new AwsError('BadDigest', 400, message);
}

function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
