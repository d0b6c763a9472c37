import { element, xmlDocument } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { commonPrefixElement, contentsElement, encoderOf, mostOf, pageOf } from './listing.ts';
import { type BucketOperation, s3Namespace } from './operation.ts';

/**
 * The first version, which names the place to go on from. NextMarker is told only where there is a delimiter.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
 */
export const listObjects: BucketOperation = async (world, request, { bucket }) => {
  const { query } = request;
  const most = mostOf(query, 'max-keys', 'maxKeys');
  const encoded = encoderOf(query);
  const [prefix, delimiter, marker] = ['prefix', 'delimiter', 'marker'].map((name) => query.get(name) ?? '') as [
    string,
    string,
    string,
  ];
  await ask(world, request, { action: 's3:ListBucket', bucket });

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
