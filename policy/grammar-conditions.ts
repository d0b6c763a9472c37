import { readOperator } from './conditions.ts';
import { isMap, type PolicyElement, shown, textsIn } from './grammar-text.ts';
import { namesIn, s3ConditionKeys } from './known-names.ts';
import { dateOf, ipRangeOf } from './values.ts';

export function checkCondition(element: PolicyElement, actions: readonly string[]): void {
  const { value: condition, at, report } = element;
  if (!isMap(condition)) {
    report(at, 'Condition must be a map of operators.');
    return;
  }
  for (const [written, keys] of Object.entries(condition)) {
    const place = [...at, written];
    if (!readOperator(written).exists) report(place, `Invalid condition operator ${shown(written)}.`);
    if (!isMap(keys)) report(place, 'A condition operator must have a map of condition keys.');
    else
      for (const [key, value] of Object.entries(keys)) {
        const part = { ...element, value, at: [...place, key] };
        checkKey(key, part, actions);
        checkValues(written, key, part);
      }
  }
}

const s3Keys: ReadonlySet<string> = new Set(namesIn(s3ConditionKeys.toLowerCase()));
const listingKeys: ReadonlySet<string> = new Set(['s3:prefix', 's3:delimiter', 's3:max-keys']);
const listing: ReadonlySet<string> = new Set(['s3:listbucket', 's3:listbucketversions']);
const writingKey =
  /^s3:x-amz-(?:acl|grant-[a-z-]+|copy-source|metadata-directive|server-side-encryption.*|storage-class|website-redirect-location)$/;
const readsOrDeletes = /^s3:(?:Get|List|Delete|Abort)[A-Za-z]*$/i;

/**
 * S3 saves any `aws:` key. Other keys must exist and belong to every action of the statement that has no wildcards:
 * "Conditions do not apply to combination of actions and resources in statement", as S3 answered in
 * https://github.com/humanmade/S3-Uploads/issues/239. Which keys belong to which actions:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
function checkKey(key: string, part: PolicyElement, actions: readonly string[]): void {
  const { kind, grammar, at, report } = part;
  const { bucket, anyNames } = part.settings;
  const name = key.toLowerCase();
  if (!name.includes(':')) {
    if (kind === 'bucket-policy' || grammar.parsesValues)
      report(at, `${shown(key)} is not a condition key: it needs the prefix of a service, such as aws: or s3:.`);
    return;
  }
  if (kind !== 'bucket-policy' || anyNames || !name.startsWith('s3:')) return;
  const own = name.slice('s3:'.length);
  const slash = own.indexOf('/');
  if (!s3Keys.has(slash > 0 ? own.slice(0, slash + 1) : own)) {
    report(at, `S3 has no condition key ${shown(key)}: “Policy has an invalid condition key”.`);
    return;
  }
  if (bucket === undefined) return;
  const unfit = actions.find((action) =>
    listingKeys.has(name)
      ? !/[*?]/.test(action) && !listing.has(action.toLowerCase())
      : writingKey.test(name) && readsOrDeletes.test(action),
  );
  if (unfit !== undefined)
    report(
      at,
      `${key} does not belong to ${unfit}: “Conditions do not apply to combination of actions and resources in statement”. Put the two into statements of their own.`,
    );
}

function checkValues(operator: string, key: string, { kind, grammar, value: values, at, report }: PolicyElement): void {
  const list = Array.isArray(values) ? values : [values];
  const odd = list.findIndex((value) => typeof value === 'object');
  if (odd >= 0) {
    const place = Array.isArray(values) ? [...at, odd] : at;
    report(place, `The values of ${shown(key)} must be texts: one, or a list of them.`);
    return;
  }
  const isDate = /^(?:\w+:)?date/i.test(operator);
  const isAddress = /ipaddress/i.test(operator);
  for (const { text, at: place } of textsIn(values, at)) {
    if (text.includes('${')) continue;
    // IAM parsed these in answers recorded by https://github.com/getmoto/moto, moto/iam/policy_validation.py
    if (isDate && grammar.parsesValues && dateOf(text) === undefined && /[^\dtz:.+-]/i.test(text))
      report(place, `${shown(text)} is not a date: write it as 2026-11-30T00:00:00Z, or as seconds since 1970.`);
    // As S3 answers: https://github.com/scality/cloudserver/pull/5501
    if (isAddress && kind === 'bucket-policy' && !ipRangeOf(text))
      report(
        place,
        `Invalid IP address in Conditions: ${shown(text)}. Write an address, or a range such as 203.0.113.0/24.`,
      );
  }
}
