import { arnPattern } from '../arn.ts';
import { actions } from '../permissions.ts';

/** The end of a text may be the beginning of a name: these can't be whole names. */

/** @param action at the end of the text */
export function isPartOfAction(action: string): boolean {
  const isPart = (whole: string) => whole.startsWith(action) && whole !== action;
  return actions.some(isPart) && !actions.some((whole) => whole === action);
}

const uuid = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx';
const keyArn = arnPattern(/kms(?::[^:]*){0,2}(?::([^:]*))?/);

/** @param arn at the end of the text, of whatever resource */
export function isPartOfKeyArn(arn: string): boolean {
  const found = keyArn.exec(arn);
  if (!found) return /^arn(?::[\w-]*){0,2}$/.test(arn);
  const [, resource = ''] = found;
  if (!/^(?:key|alias)\/./.test(resource)) return true;
  const id = resource.replace(/^key\//, '');
  return id.length < uuid.length && uuid.startsWith(id.replace(/[0-9a-f]/g, 'x'));
}

export function isPartOfPolicyArn(arn: string): boolean {
  return !(arn.includes(':organizations:') ? /\/p-\w{8,}$/ : /:policy\/./).test(arn);
}
