import { bare, type Wording } from './reasons.ts';

/** An answer to HEAD has no body: SDKs then show the bare status. */
export function opaqueOrNone(all: string, code: string | undefined): Wording {
  const text = all.replace(comparison, ' ');
  const isForbidden = /\bforbidden\b/i.test(text) && /\b403\b/.test(`${code} ${text}`);
  if (isForbidden || bareWords.test(text) || codeOfRefusal.test(text)) return 'opaque';
  const saysNothing = new RegExp(`^\\W*(?:(?:UnknownError|${refusalCodes}|Forbidden|403)\\W*)*$`, 'i').test(text);
  return saysNothing && /AccessDenied|UnauthorizedOperation|Forbidden|403/i.test(`${code} ${text}`) ? 'opaque' : 'none';
}

const bareWords = new RegExp(bare.words, 'i');
const refusalCodes = bare.codes;
/** How often something was refused, as a metric has it. */
const counter = String.raw`(?!["']?\s*[:=]\s*(?!403)\d+\s*(?:[,}\]\s]|$))`;
/** The code as an error has it, not as a word of a sentence. */
const codeOfRefusal = new RegExp(
  String.raw`(?:[("':>=]|\b403)\s*(?:${refusalCodes})\b${counter}|\b(?:${refusalCodes})${counter}\s*[:)"'<;]`,
);

/** The message of a program that looks for the code and did not get it. */
const comparison = new RegExp(
  String.raw`(?:[=!]==?|\bcase)\s*["'](?:${refusalCodes})["']|["'](?:${refusalCodes})["']\s*(?:[=!]==?|\b(?:not\s+)?in\b)`,
  'g',
);
