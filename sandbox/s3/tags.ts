import { AwsError } from '../wire/operation.ts';
import { element } from '../wire/xml.ts';
import { invalidArgument } from './errors.ts';
import { readable } from './objects.ts';
import { documentAnswer, type ObjectOperation } from './operation.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export const getObjectTagging: ObjectOperation = (world, request, { bucket, key }) => {
  const versionId = request.query.get('versionId') ?? undefined;
  const object = readable(world, request, { bucket, key, versionId }, 'GetObjectTagging');
  const tags = Object.entries(object.tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => element('Tag', [element('Key', name), element('Value', value)]));
  return documentAnswer('Tagging', [element('TagSet', tags)], {
    ...(object.versionId !== undefined && { 'x-amz-version-id': object.versionId }),
  });
};

const mostTags = 10;

/**
 * Reads `x-amz-tagging`.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html; the texts were recorded from S3, or
 * quoted in https://github.com/hashicorp/terraform-provider-aws/issues/19895
 */
export function tagsOf(header: string | undefined): Readonly<Record<string, string>> {
  if (header === undefined) return {};
  const pairs = [...new URLSearchParams(header)];
  const isMalformed = header.split('&').some((pair) => pair.split('=').length > 2);
  if (isMalformed || new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw invalidArgument(
      'x-amz-tagging',
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      header,
    );
  }
  if (pairs.length > mostTags) throw new AwsError('BadRequest', 400, `Object tags cannot be greater than ${mostTags}`);
  for (const [key, value] of pairs) checkTag(key, value);
  return Object.fromEntries(pairs);
}

function checkTag(key: string, value: string): void {
  const invalid = (message: string, extra = {}) => new AwsError('InvalidTag', 400, message, { TagKey: key, ...extra });
  if (/^aws:/i.test(key)) throw invalid('Your TagKey cannot be prefixed with aws:');
  if (key === '' || [...key].length > 128 || !hasTagCharacters(key)) {
    throw invalid('The TagKey you have provided is invalid');
  }
  if ([...value].length > 256 || !hasTagCharacters(value)) {
    throw invalid('The TagValue you have provided is invalid', { TagValue: value });
  }
}

/** Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/allocation-tag-restrictions.html */
function hasTagCharacters(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
}
