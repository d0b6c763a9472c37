import { conditionRows } from '../../core/aws-words/conditions.ts';
import { bare as bareRefusal, lumped, reasons } from '../../core/aws-words/reasons.ts';
import { noDenials } from '../../lambda/customer_configuration_check/diagnosis/no-denials.ts';
import {
  codesOfServices,
  wordsOfServices,
} from '../../lambda/customer_configuration_check/diagnosis/other-services.ts';
import { replicationCodes } from '../../lambda/customer_configuration_check/diagnosis/replication.ts';
import { unsaved } from '../../lambda/customer_configuration_check/diagnosis/saved-policies.ts';

/** Finds AWS's messages in a long text, using the same tables that read messages. */

/** One of AWS's sentences, regardless of line breaks and escapes. */
export const sentence =
  /\bnot(?:\W|\\n){1,200}authorized(?:\W|\\n){1,200}to(?:\W|\\n){1,200}(?:perform\b(?!\W{1,20}this\W{1,20}operation)|assume\b)/gi;

const isGiven = (pattern: string | undefined) => pattern !== undefined;
const reasonsBehind = [
  ...Object.values(reasons).map(({ scan }) => scan),
  ...conditionRows.filter(({ reason, effect }) => reason ?? effect).map(({ text }) => text?.scan),
].filter(isGiven);
/** The reason for a denial, with or without the sentence before it. */
export const reason = new RegExp(`^(?:${reasonsBehind.join('|')})`, 'i');

const otherRows = [...noDenials, unsaved];
/** Errors that are not denials, and other services' denials, which are recognized by their code. */
const otherCodes = [...otherRows.map((row) => row.codes), ...codesOfServices, ...replicationCodes];
export const codes = new RegExp(String.raw`\b(?:${otherCodes.join('|')})\b`);

const words = [
  ...reasonsBehind,
  lumped.scan,
  ...conditionRows.map(({ text }) => text?.scan),
  ...otherRows.map((row) => row.words),
  ...wordsOfServices,
].filter(isGiven);
const codesOfConditions = conditionRows.map(({ code }) => code).filter(isGiven);

/** Messages of other errors, which may come without a code. */
export const wordsOfOthers = new RegExp(otherRows.flatMap((row) => row.words ?? []).join('|'));

export const codeOfCondition = new RegExp(String.raw`\b(?:${codesOfConditions.join('|')})\b`);
export const wordsOfCondition = new RegExp(String.raw`\b(?:${words.join('|')})`, 'i');

/** Other signs of an answer from AWS: parts of its messages, and codes. */
export const sign = new RegExp(String.raw`\b(?:${[...words, ...codesOfConditions, ...otherCodes].join('|')})`, 'gi');

/** A denial without a reason. */
export const bareSign = new RegExp(String.raw`${bareRefusal.words}|\bforbidden\b|\b(?:${bareRefusal.codes})\b`, 'gi');
