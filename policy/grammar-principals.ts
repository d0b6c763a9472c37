import type { PolicyElement, ReportProblem } from './grammar-text.ts';
import { checkTexts, isMap, placeholderIn, shown, textsIn } from './grammar-text.ts';

/**
 * Saved policies contain IDs of roles and users that AWS no longer finds. A group is not a valid principal, and neither
 * is a role with a wildcard.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
const principals: readonly RegExp[] = [
  /^\*$/,
  /^\d{12}$/,
  /^A[A-Z]{3}[A-Z0-9]{12,}$/,
  /^arn:(aws[a-z-]*):iam::\d{12}:(?:root|(?:role|user)\/[\w+=,.@/:-]+)$/,
  /^arn:(aws[a-z-]*):sts::\d{12}:(?:assumed-role\/[\w+=,.@-]+|federated-user)\/[\w+=,.@:-]+$/,
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
  /^arn:(aws[a-z-]*):iam::cloudfront:user\/CloudFront Origin Access Identity \w+$/,
];

export function checkPrincipals(element: PolicyElement): void {
  const { grammar, value, at, report } = element;
  if (value === '*') return;
  if (grammar.principal === 'everyone') {
    report(
      at,
      `Principal must be "*" in a policy of ${grammar.service}; name principals in a Condition on aws:PrincipalArn.`,
    );
    return;
  }
  const refuse: ReportProblem = (place, why, mark) => report(place, `Invalid principal in policy: ${why}`, mark);
  if (typeof value === 'string') {
    if (placeholderIn(value) === undefined)
      refuse(at, `${shown(value)}. Write {"AWS": "${shown(value)}"}; only "*" may be there alone.`);
    return;
  }
  if (!isMap(value)) {
    refuse(at, 'it must be "*" or a map such as {"AWS": "ARN of a role"}.');
    return;
  }
  const types = Object.entries(value);
  if (types.length === 0) refuse(at, 'it names no principal.');
  for (const [type, named] of types) {
    checkType(type, { ...element, value: named, at: [...at, type], report: refuse });
  }
}

function checkType(type: string, { grammar, settings, value, at, report: refuse }: PolicyElement): void {
  const { principalTypes } = grammar;
  const { partition } = settings;
  if (principalTypes && !principalTypes.includes(type)) {
    refuse(at, `${shown(type)}. Allowed types: ${principalTypes.join(', ')}.`, '#');
    return;
  }
  checkTexts(value, at, refuse, 'the list is empty.');
  if (type !== 'AWS' || !principalTypes) return;
  for (const { text, at: place } of textsIn(value, at)) {
    if (placeholderIn(text) !== undefined) continue;
    const found = principals.map((pattern) => pattern.exec(text)).find((match) => match !== null);
    if (!found) refuse(place, `${shown(text)}. ${hint(text)}`);
    else if (partition && found[1] && found[1] !== partition)
      refuse(place, `${text}. It is of the partition ${found[1]}, and this policy of ${partition}.`);
  }
}

function hint(text: string): string {
  if (text.includes('${')) return 'A principal has no policy variables: use a Condition on aws:PrincipalArn.';
  return text.includes('*')
    ? 'A principal has no wildcards: name the role itself.'
    : 'Allowed: the ARN of a role, user, session or account root, an account id of 12 digits, or "*".';
}
