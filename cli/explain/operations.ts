/** How SDKs, the AWS CLI in any language, and CloudFormation name the API operation that failed. */
const namings: readonly RegExp[] = [
  /\bcalling the ([A-Z]\w{2,60}) operation/,
  /\boperation error [\w ]{2,40}: ([A-Z]\w{2,60})\b/,
  /\bAPI: [a-z0-9-]{2,30}:([A-Z]\w{2,60})\b/,
  /\bError executing "([A-Z]\w{2,60})" on "https:/,
  /\(AccessDenied\w*\)[^()\n]{0,60}\b([A-Z][a-z]+[A-Z]\w{2,40}): Access Denied/,
];

export function operationIn(text: string): string | undefined {
  for (const naming of namings) {
    const name = naming.exec(text)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}
