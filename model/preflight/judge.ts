import type { Report } from '../../core/report.ts';
import { isSameRefusal } from '../analysis/faults.ts';

import { wholeCheckPasses } from '../remedies/remedy.ts';
import { readTemplate } from '../template/read-template.ts';
import { entry, plain } from '../template/read-value.ts';
import { documentAnalysis, reportOf } from './analysis.ts';
import type { LocatedFault } from './diagnoses.ts';
import { type DocumentFix, documentFixes } from './document-fixes.ts';
import {
  type JudgedDocuments,
  type JudgedProblem,
  type JudgeRequest,
  judgedDocuments,
  problemsIn,
  type Recognized,
} from './judged-documents.ts';
import { modeledCheck } from './modeled-check.ts';
import { inputErrorIn, type Prepared, preparedDocuments } from './prepare.ts';
import type { OpenQuestion } from './questions.ts';
import type { AnswerField } from './stated-facts.ts';

/** The result for some documents, as plain data. Documents are referred to by ID; lines and columns count from 1. */
export interface Judged {
  /**
   * The report of a preflight, without what only a real check has: times, IDs and AWS's answers. Absent if something
   * could not be read.
   */
  readonly report?: Report;
  readonly recognized: readonly Recognized[];
  /** True if nothing else was requested. */
  readonly kindsOnly?: true;
  /** One for each diagnosis, in the same order. */
  readonly places: readonly JudgedPlace[];
  readonly fixes: readonly JudgedFix[];
  readonly questions: readonly JudgedQuestion[];
  readonly problems: readonly JudgedProblem[];
  readonly parameters: readonly JudgedParameter[];
}

interface JudgedPlace {
  readonly diagnosis: number;
  readonly document?: string;
  readonly line?: number;
  readonly column?: number;
  /** The line to look at: the Deny, or the first element that doesn't match. */
  readonly focusLine?: number;
  readonly focusColumn?: number;
}

export interface JudgedFix extends Omit<DocumentFix, 'file' | 'faults'> {
  readonly document: string;
  /** The diagnoses that it fixes. */
  readonly diagnoses: readonly number[];
}

export interface JudgedQuestion {
  readonly text: string;
  /** Any one of these fields answers it; empty if none does. */
  readonly fields: readonly AnswerField[];
  /** The part of the two accounts whose document answers it. */
  readonly part?: string;
  readonly document?: string;
  readonly line?: number;
  readonly column?: number;
}

interface JudgedParameter {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
  readonly allowed?: readonly string[];
  readonly pattern?: string;
}

/** Evaluates documents as a preflight does, without a check. Never throws because of their contents. */
export async function judge(request: JudgeRequest): Promise<Judged> {
  const documents = judgedDocuments(request);
  const { recognized, problems, set, idOf, template } = documents;
  const nothing = { recognized, problems, places: [], fixes: [], questions: [], parameters: [] };
  if (request.kindsOnly) return { ...nothing, kindsOnly: true };
  try {
    const parameters =
      template && problems.every(({ document }) => document !== idOf(template.file)) ? parametersOf(template) : [];
    if (!set) return { ...nothing, parameters };
    try {
      return {
        ...nothing,
        ...(await judgedSet(await preparedDocuments(set, request.templates), documents)),
        parameters,
      };
    } catch (error) {
      return { ...nothing, parameters, problems: problemsIn(inputErrorIn(error, set), idOf) };
    }
  } catch (error) {
    return { ...nothing, problems: [...problems, ...problemsIn(error, idOf)] };
  }
}

async function judgedSet(
  prepared: Prepared,
  { idOf }: JudgedDocuments,
): Promise<Omit<Judged, 'recognized' | 'problems' | 'parameters'>> {
  const {
    scenario: { world },
    event,
  } = prepared;
  const analysis = await documentAnalysis(prepared, async (fixed) => wholeCheckPasses(modeledCheck(fixed, event)));
  const { faults, known, tested } = analysis;
  const found = tested ? documentFixes(prepared, tested) : [];
  return {
    report: reportOf(modeledCheck(world, event), prepared, analysis),
    places: faults.map((fault, diagnosis) => placeOf(fault, diagnosis, idOf)),
    fixes: found.flatMap(({ file, faults: fixed, ...fix }) => {
      const document = idOf(file);
      const isFixed = ({ fault }: LocatedFault) => fixed.some((one) => isSameRefusal(one, fault));
      const diagnoses = [...faults.keys()].filter((at) => faults[at] && isFixed(faults[at]));
      return document === undefined ? [] : [{ ...fix, document, diagnoses }];
    }),
    questions: known.questions.map((question) => judgedQuestion(question, idOf)),
  };
}

function placeOf({ place }: LocatedFault, diagnosis: number, idOf: JudgedDocuments['idOf']): JudgedPlace {
  const document = place && idOf(place.policy.file);
  if (!place || document === undefined) return { diagnosis };
  const { line, column } = place.statement;
  return { diagnosis, document, line, column, focusLine: place.focus.line, focusColumn: place.focus.column };
}

function judgedQuestion({ note, about, answers, part }: OpenQuestion, idOf: JudgedDocuments['idOf']): JudgedQuestion {
  const { file, line, column } = note;
  const document = file === undefined ? undefined : idOf(file);
  const place =
    document !== undefined && line !== undefined ? { document, line, ...(column !== undefined && { column }) } : {};
  return { text: about, fields: answers, ...(part !== undefined && { part }), ...place };
}

function parametersOf(template: Parameters<typeof readTemplate>[0]): readonly JudgedParameter[] {
  const section = entry(readTemplate(template), 'Parameters');
  if (section?.kind !== 'map') return [];
  return [...section.entries].map(([name, { value }]) => {
    const { Description, Default, AllowedValues, AllowedPattern } = (plain(value) ?? {}) as Readonly<
      Record<string, unknown>
    >;
    return {
      name,
      ...(Description !== undefined && { description: String(Description) }),
      ...(Default !== undefined && { default: String(Default) }),
      ...(Array.isArray(AllowedValues) && { allowed: AllowedValues.map(String) }),
      ...(AllowedPattern !== undefined && { pattern: String(AllowedPattern) }),
    };
  });
}
