import type { World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { element, xmlDocument } from '../wire/xml.ts';
import { askAccount } from './ask.ts';
import { invalidArgument } from './errors.ts';
import { s3Namespace } from './operation.ts';

/**
 * The buckets that the caller's account owns, whatever their policies say, by name.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
 */
export async function listBuckets(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const { caller, query } = request;
  await askAccount(world, request, 's3:ListAllMyBuckets');

  const [most, prefix, token] = [
    Number(query.get('max-buckets') ?? 10_000),
    query.get('prefix') ?? '',
    query.get('continuation-token'),
  ];
  if (!(most >= 1 && most <= 10_000)) {
    throw invalidArgument('max-buckets', 'max-buckets must be between 1 and 10000', String(most));
  }
  const owned = [...world.buckets.values()]
    .filter(({ accountId, name }) => accountId === caller.accountId && name.startsWith(prefix))
    .filter(({ name }) => token === null || name > Buffer.from(token, 'base64').toString())
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const shown = owned.slice(0, most);
  const last = shown.at(-1);
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(
      element(
        'ListAllMyBucketsResult',
        [
          element(
            'Buckets',
            shown.map((bucket) =>
              element('Bucket', [element('BucketRegion', bucket.region), element('Name', bucket.name)]),
            ),
          ),
          last && shown.length < owned.length
            ? element('ContinuationToken', Buffer.from(last.name).toString('base64'))
            : undefined,
        ],
        { xmlns: s3Namespace },
      ),
    ),
  };
}
