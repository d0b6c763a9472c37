import { element, xmlDocument } from '../wire/xml.ts';
import { ask } from './ask.ts';
import {
  commonPrefixElement,
  contentsElement,
  continuationToken,
  encoderOf,
  mostOf,
  nameInToken,
  pageOf,
} from './listing.ts';
import { type BucketOperation, s3Namespace } from './operation.ts';

/**
 * The first version, which names the place to go on from. NextMarker is told only where there is a delimiter.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
 */
export const listObjects: BucketOperation = (world, request, { bucket }) => {
  const { query } = request;
  const most = mostOf(query, 'max-keys', 'maxKeys');
  const encoded = encoderOf(query);
  const [prefix, delimiter, marker] = ['prefix', 'delimiter', 'marker'].map((name) => query.get(name) ?? '') as [
    string,
    string,
    string,
  ];
  ask(world, request, { action: 's3:ListBucket', bucket });

  const { shown, isTruncated } = pageOf(bucket.objects.values(), ({ key }) => key, {
    prefix,
    delimiter,
    after: marker,
    most,
  });
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(
      element(
        'ListBucketResult',
        [
          element('Name', bucket.name),
          element('Prefix', encoded(prefix)),
          element('Marker', encoded(marker)),
          isTruncated && delimiter !== '' ? element('NextMarker', encoded(shown.at(-1)?.name ?? '')) : undefined,
          element('MaxKeys', String(most)),
          delimiter === '' ? undefined : element('Delimiter', encoded(delimiter)),
          query.has('encoding-type') ? element('EncodingType', 'url') : undefined,
          element('IsTruncated', String(isTruncated)),
          ...shown.map(({ name, item }) =>
            item ? contentsElement(item, encoded(name), bucket.accountId) : commonPrefixElement(encoded(name)),
          ),
        ],
        { xmlns: s3Namespace },
      ),
    ),
  };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: BucketOperation = (world, request, { bucket }) => {
  const { query } = request;
  const most = mostOf(query, 'max-keys', 'maxKeys');
  const encoded = encoderOf(query);
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const [token, startAfter] = [query.get('continuation-token'), query.get('start-after')];
  const after = nameInToken(token) || (startAfter ?? '');
  ask(world, request, { action: 's3:ListBucket', bucket });

  const { shown, isTruncated } = pageOf(bucket.objects.values(), ({ key }) => key, { prefix, delimiter, after, most });
  const owner = query.get('fetch-owner') === 'true' ? bucket.accountId : undefined;
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(
      element(
        'ListBucketResult',
        [
          element('Name', bucket.name),
          element('Prefix', encoded(prefix)),
          startAfter === null ? undefined : element('StartAfter', encoded(startAfter)),
          token === null ? undefined : element('ContinuationToken', token),
          isTruncated ? element('NextContinuationToken', continuationToken(shown.at(-1)?.name ?? '')) : undefined,
          element('KeyCount', String(shown.length)),
          element('MaxKeys', String(most)),
          delimiter === '' ? undefined : element('Delimiter', encoded(delimiter)),
          query.has('encoding-type') ? element('EncodingType', 'url') : undefined,
          element('IsTruncated', String(isTruncated)),
          ...shown.map(({ name, item }) =>
            item ? contentsElement(item, encoded(name), owner) : commonPrefixElement(encoded(name)),
          ),
        ],
        { xmlns: s3Namespace },
      ),
    ),
  };
};
