import { parseArn } from '../arn.ts';

/** The account in an ARN, or what somebody wrote in its place to make it unrecognizable: `account_A`, `111`, `<prod>`. */
export function accountNameIn(arn: string | undefined): string | undefined {
  return parseArn(arn ?? '')?.accountId || undefined;
}

/** Whether these are different accounts, be they anonymized or not. False where that can't be told. */
export function areDifferentAccounts(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [telling(one), telling(other)];
  if (a === undefined || b === undefined || a === b) return false;
  // A number beside a name may stand for the same account.
  return /^\d+$/.test(a) === /^\d+$/.test(b) && !isMasked(a) && !isMasked(b);
}

function telling(account: string | undefined): string | undefined {
  const name = account?.toLowerCase().replace(/[^a-z0-9]/g, '');
  return name === undefined || name === '' || tellsNothing.test(name) ? undefined : name;
}

/** Masks, and names that stand for any account, are the same for different accounts. */
const tellsNothing =
  /^(?:\d*x+\d*|0+|(?:your|my|the|aws)*account(?:id|number)?|(?:your|my|aws)accountid|acct(?:id)?|redacted|hidden|removed|masked|id|number)$/;

/** Some of its digits are left. */
function isMasked(name: string): boolean {
  return /[a-z]\d{4}|\d{4}[a-z]/.test(name);
}
