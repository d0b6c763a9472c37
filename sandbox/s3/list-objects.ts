import type { Bucket, StoredObject, World } from '../../model/world/world.ts';
import type { SandboxRequest } from '../wire/operation.ts';
import { element } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { contentsElement, continuationToken, encoderOf, endOfListing, mostOf, nameInToken, pageOf } from './listing.ts';
import { type BucketOperation, documentAnswer } from './operation.ts';

type Listing = ReturnType<typeof pageOf<StoredObject>>;

/** How the two versions differ: where a page begins, and how to continue. */
interface OfVersion {
  /** Leaves out names up to and including this one. */
  readonly after: string;
  /** The account shown as the owner of each object. */
  readonly owner: string | undefined;
  elements(page: Listing, encoded: (text: string) => string, delimiter: string): readonly (string | undefined)[];
}

/**
 * Version 1, which continues from a name. It returns NextMarker only with a delimiter.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
 */
export const listObjects: BucketOperation = (world, request, { bucket }) => {
  const marker = request.query.get('marker') ?? '';
  return listed(world, request, bucket, {
    after: marker,
    owner: bucket.accountId,
    elements: ({ shown, isTruncated }, encoded, delimiter) => [
      element('Marker', encoded(marker)),
      isTruncated && delimiter !== '' ? element('NextMarker', encoded(shown.at(-1)?.name ?? '')) : undefined,
    ],
  });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: BucketOperation = (world, request, { bucket }) => {
  const { query } = request;
  const [token, startAfter] = [query.get('continuation-token'), query.get('start-after')];
  return listed(world, request, bucket, {
    after: nameInToken(token) || (startAfter ?? ''),
    owner: query.get('fetch-owner') === 'true' ? bucket.accountId : undefined,
    elements: ({ shown, isTruncated }, encoded) => [
      startAfter === null ? undefined : element('StartAfter', encoded(startAfter)),
      token === null ? undefined : element('ContinuationToken', token),
      isTruncated ? element('NextContinuationToken', continuationToken(shown.at(-1)?.name ?? '')) : undefined,
      element('KeyCount', String(shown.length)),
    ],
  });
};

function listed(world: World, request: SandboxRequest, bucket: Bucket, { after, owner, elements }: OfVersion) {
  const { query } = request;
  const most = mostOf(query, 'max-keys', 'maxKeys');
  const encoded = encoderOf(query);
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  ask(world, request, { action: 's3:ListBucket', bucket });

  const page = pageOf(bucket.objects.values(), ({ key }) => key, { prefix, delimiter, after, most });
  return documentAnswer('ListBucketResult', [
    element('Name', bucket.name),
    element('Prefix', encoded(prefix)),
    ...elements(page, encoded, delimiter),
    element('MaxKeys', String(most)),
    ...endOfListing(query, page, encoded, (object, name) => contentsElement(object, name, owner)),
  ]);
}
