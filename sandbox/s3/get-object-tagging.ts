import { element, xmlDocument } from '../wire/xml.ts';
import { readable } from './objects.ts';
import { type ObjectOperation, s3Namespace } from './operation.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export const getObjectTagging: ObjectOperation = async (world, request, { bucket, key }) => {
  const versionId = request.query.get('versionId') ?? undefined;
  const object = await readable(world, request, { bucket, key, versionId }, 'GetObjectTagging');
  const tags = Object.entries(object.tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => element('Tag', [element('Key', name), element('Value', value)]));
  return {
    status: 200,
    headers: {
      'content-type': 'application/xml',
      ...(object.versionId !== undefined && { 'x-amz-version-id': object.versionId }),
    },
    body: xmlDocument(element('Tagging', [element('TagSet', tags)], { xmlns: s3Namespace })),
  };
};
