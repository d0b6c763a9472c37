/** ARNs as sentences can hold them: what tells one from another stays, and the whole of it stands elsewhere. */
const forms: readonly (readonly [pattern: RegExp, short: string])[] = [
  [/arn:[\w-]+:kms:[\w-]*:\d*:key\/(?:(\w{8})-[\w-]*(\w{4})|([\w-]+))/g, 'key/$1…$2$3'],
  [/arn:[\w-]+:s3:::/g, ''],
  [/arn:[\w-]+:sts::\d*:assumed-role\//g, ''],
  [/arn:[\w-]+:iam::\d*:(role|user)\//g, '$1 '],
];

export function withShortNames(text: string): string {
  return forms.reduce((shorter, [pattern, short]) => shorter.replace(pattern, short), text).replaceAll('key/…', 'key/');
}
