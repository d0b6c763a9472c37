import { arnPattern } from '../arn.ts';
import { actions } from '../permissions.ts';
import type { Compact } from './unwrap.ts';

/** Principal, action and resource in AWS's sentence about a denial. */
export interface Sentence {
  readonly said: { readonly action?: string; readonly principal?: string; readonly resource?: string };
  /** True if the text ends in the middle of a name. */
  readonly isCut?: boolean;
  /** Its range in the compact text: from the action to the next such sentence. */
  readonly from: number;
  /** After a quoted resource: an object key may contain any words, which say nothing about a policy. */
  readonly reasonFrom: number;
  readonly to: number;
}

const opening = /notauthorizedtoperform:?(?!this)(?=[a-z0-9-]+:[a-z])/gi;
/** Without whitespace, only the words that follow an action show where it ends. */
const actionInSentence = /^([A-Za-z0-9-]+:[A-Za-z0-9]+?)(?=on(?:this|the)?resource|because|withanexplicit)/;
const actionOnQuoted = /^[A-Za-z0-9-]+:[A-Za-z0-9]+?onresource:?"[^"]*"/;

export function findSentence(text: string, all: Compact): Sentence | undefined {
  const [first, ...others] = [...all.text.matchAll(opening)];
  if (!first) return assumption(all);
  const from = first.index + first[0].length;
  const reasonFrom = from + (all.text.slice(from).match(actionOnQuoted)?.[0].length ?? 0);
  const to = others.find(({ index }) => index >= reasonFrom)?.index ?? all.text.length;
  const rest = all.text.slice(from, to);
  const action = rest.match(actionInSentence)?.[1] ?? wordAt(text, all.at[from] ?? 0).match(/^[\w-]+:\w+/)?.[0];
  if (!action) return undefined;
  const principal = principalBefore(all.text.slice(Math.max(0, first.index - 2_000), first.index));
  const resource = resourceAfter(text, all, from + action.length, to);
  const isLast = to === all.text.length;
  const endsInAction = isLast && rest === action && isPartOfAction(action);
  const endsInResource = isLast && resource !== undefined && rest.endsWith(resource) && isPartOfKeyArn(resource);
  return {
    said: {
      ...(!endsInAction && { action }),
      ...(principal && { principal }),
      ...(resource && !endsInResource && { resource }),
    },
    isCut: endsInAction || endsInResource,
    from,
    reasonFrom,
    to,
  };
}

/** Redshift's wording: https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html */
const assuming =
  /(?:User:?(arn:[^"'()[\];]{1,2000}?)(?:is)?)?notauthorizedtoassume(?:IAM)?roles?:?(arn:[\w-]+:iam::\d+:role\/[\w+=,.@/-]*[\w+=@-])/i;

function assumption({ text }: Compact): Sentence | undefined {
  const found = assuming.exec(text);
  if (!found) return undefined;
  const [, principal, resource = ''] = found;
  const at = found.index + found[0].length;
  return {
    said: { action: 'sts:AssumeRole', resource, ...(principal && { principal }) },
    from: at,
    reasonFrom: at,
    to: text.length,
  };
}

function principalBefore(before: string): string | undefined {
  return before.match(/.*User:?(arn:[^"'()[\];]{1,2000}?|anonymous)(?:is)?$/)?.[1];
}

function resourceAfter(text: string, all: Compact, from: number, to: number): string | undefined {
  const start = all.text.slice(from, to).match(/^onresource:?/)?.[0].length;
  if (start === undefined) return undefined;
  const begin = from + start;
  const at = all.at[begin];
  if (at === undefined) return undefined;
  const quoted = text.slice(at).match(/^"([^"]*)"/)?.[1];
  const ended = all.text
    .slice(begin, to)
    .match(/^(.+?)(?:becauseno|becausethe|becausepublic|becausethis|withanexplicitdeny)/)?.[1];
  // Object keys may contain spaces, but no line breaks.
  const resource = quoted !== undefined ? quoted.replace(/\s*\n\s*/g, '') : (ended ?? arnAt(text, at));
  return wholeResource.test(resource) ? resource : undefined;
}

/** An ARN shortened to `arn:aws:kms:...` names nothing. */
const wholeResource = /^arn:(?:[^:]*:){4}[^:]|^\*$/;

/**
 * The ARN that begins at this position. It ends at whitespace, unless it is clearly incomplete there because of a line
 * break. A period that ends the sentence is not part of it.
 */
export function arnAt(text: string, at: number): string {
  const words = text.slice(at).split(/\s+/, 4);
  let arn = '';
  for (const word of words) {
    arn += word;
    const organizationPolicy = /^arn:[^:]*:organizations:/.test(arn);
    const partOfKey =
      /:kms:.*:key\/[0-9a-f-]{0,35}$/.test(arn) && /^[0-9a-f-]+$/.test(words[words.indexOf(word) + 1] ?? '');
    const complete =
      arn.split(':').length > 5 && !/[:/-]$/.test(arn) && !partOfKey && (!organizationPolicy || /\/p-\w{8,}/.test(arn));
    if (complete) break;
  }
  return arn.replace(/(?:<\/|["'`\\]).*$/, '').replace(/[.,;:)\]}]+$/, '');
}

function wordAt(text: string, at: number): string {
  return text.slice(at).match(/^\S*/)?.[0] ?? '';
}

/** If a text is cut off, its end may be the beginning of a name. These functions recognize an incomplete name. */

/** @param action the last word of the text */
function isPartOfAction(action: string): boolean {
  const isPart = (whole: string) => whole.startsWith(action) && whole !== action;
  return actions.some(isPart) && !actions.some((whole) => whole === action);
}

const uuid = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx';
const keyArn = arnPattern(/kms(?::[^:]*){0,2}(?::([^:]*))?/);

/** @param arn the last word of the text, for any resource */
function isPartOfKeyArn(arn: string): boolean {
  const found = keyArn.exec(arn);
  if (!found) return /^arn(?::[\w-]*){0,2}$/.test(arn);
  const [, resource = ''] = found;
  if (!/^(?:key|alias)\/./.test(resource)) return true;
  const id = resource.replace(/^key\//, '');
  return id.length < uuid.length && uuid.startsWith(id.replace(/[0-9a-f]/g, 'x'));
}
