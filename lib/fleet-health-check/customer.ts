import {
  claimInconclusive,
  copyRequest,
  countInconclusive,
  moveStatus,
  recordCheck,
  recordCheckAndInbox,
  recordFirstPass,
} from './customer-updates.ts';
import {
  inconclusiveDetail,
  inconclusiveDetailType,
  inconclusiveLimit,
  metrics,
  newCustomer,
  statusChangeDetail,
  statusChangeDetailType,
} from './events.ts';
import { catchAll, type HealthCheckResources, type State, type States } from './states.ts';
import { announceTask, checkTask, countTask, type DeadLetterKind, deadLetterTask, oneCustomer } from './tasks.ts';
import { type Update, updateItemTask } from './update-item.ts';

/** The outcome of a customer whose check or result is in the dead-letter queue. */
export const notChecked = 'not-checked';

/** The time that a change must last to count. */
const confirmAfterSeconds = 60;

/**
 * Handles one report. The input is `{item: {Key}, report, changeId}`, the output the report's verdict.
 *
 * A status changes only if two checks a minute apart agree and it is still what the first one read. If several executions
 * see a change, only one changes the status, and that one announces it.
 */
export function customerStates(resources: HealthCheckResources): States {
  return { ...recording(resources), ...confirming(resources), ...counting(resources), ...leaving(resources) };
}

function recording(resources: HealthCheckResources): States {
  const andCompareStatus = {
    ResultSelector: { 'status.$': '$.Attributes.status.S' },
    ResultPath: '$.before',
    Next: 'HasStatusChanged',
  };
  return {
    WhatWasFound: {
      Type: 'Choice',
      Choices: [
        { ...has('$.report', notChecked), Next: 'Recorded' },
        { ...has('$.report', 'inconclusive'), Next: 'CountInconclusive' },
        {
          And: [isPresent(`${copyRequest}.bucket`), isPresent(`${copyRequest}.kmsKeyArn`)],
          Next: 'RecordCheckAndInbox',
        },
      ],
      Default: 'RecordCheck',
    },
    RecordCheckAndInbox: record(resources, recordCheckAndInbox, andCompareStatus),
    RecordCheck: record(resources, recordCheck, andCompareStatus),
    HasStatusChanged: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.before.status', StringEqualsPath: '$.report.verdict', Next: 'Recorded' },
        { And: [wasNew, has('$.report', 'passed')], Next: 'RecordFirstPass' },
      ],
      Default: 'WaitToConfirm',
    },
    RecordFirstPass: record(resources, recordFirstPass, { ResultPath: null, Next: 'Recorded' }),
  };
}

function confirming(resources: HealthCheckResources): States {
  return {
    WaitToConfirm: { Type: 'Wait', Seconds: confirmAfterSeconds, Next: 'Confirm' },
    Confirm: checkTask(resources, oneCustomer('$.item.Key'), {
      ResultSelector: { 'report.$': '$.Payload.reports[0]' },
      ResultPath: '$.confirmed',
      Catch: catchAll('ReportNotRecorded'),
      Next: 'IsItConfirmed',
    }),
    IsItConfirmed: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.confirmed.report.verdict', StringEqualsPath: '$.report.verdict', Next: 'IsThereADiagnosis' },
        { ...has('$.confirmed.report', 'inconclusive'), Next: 'TakeSecondReport' },
        { And: [wasNew, has('$.confirmed.report', 'passed')], Next: 'RecordFirstPass' },
      ],
      Default: 'Recorded',
    },
    TakeSecondReport: {
      Type: 'Pass',
      Parameters: { 'item.$': '$.item', 'report.$': '$.confirmed.report', 'changeId.$': '$.changeId' },
      Next: 'CountInconclusive',
    },
    IsThereADiagnosis: {
      Type: 'Choice',
      Choices: [{ ...isPresent('$.confirmed.report.diagnoses[0].summary'), Next: 'SummarizeByDiagnosis' }],
      Default: 'SummarizeByVerdict',
    },
    SummarizeByDiagnosis: summarize('$.confirmed.report.diagnoses[0].summary'),
    SummarizeByVerdict: summarize(
      "States.Format('Configuration check of {}: {}', $.confirmed.report.customer, $.confirmed.report.verdict)",
    ),
    MoveStatus: record(resources, moveStatus, { ResultPath: null, Next: 'AnnounceChange' }),
    AnnounceChange: announceTask(resources, statusChangeDetailType, statusChangeDetail, {
      Catch: catchAll('ReportChangeNotAnnounced'),
      Next: 'Recorded',
    }),
  };
}

function counting(resources: HealthCheckResources): States {
  const unannounced = { Catch: catchAll('ReportInconclusiveNotAnnounced') };
  return {
    CountInconclusive: record(resources, countInconclusive, {
      ResultSelector: { 'inARow.$': 'States.StringToJson($.Attributes.inconclusiveInARow.N)' },
      ResultPath: '$.count',
      Next: 'AreTheyTooMany',
    }),
    AreTheyTooMany: {
      Type: 'Choice',
      Choices: [{ Variable: '$.count.inARow', NumericLessThan: inconclusiveLimit, Next: 'Recorded' }],
      Default: 'ClaimInconclusive',
    },
    ClaimInconclusive: record(resources, claimInconclusive, { ResultPath: null, Next: 'CountTooManyInconclusive' }),
    CountTooManyInconclusive: countTask(resources, metrics.inconclusive, {
      ...unannounced,
      Next: 'AnnounceInconclusive',
    }),
    AnnounceInconclusive: announceTask(resources, inconclusiveDetailType, inconclusiveDetail, {
      ...unannounced,
      Next: 'Recorded',
    }),
  };
}

function leaving(resources: HealthCheckResources): States {
  const deadLetter = (kind: DeadLetterKind, about: State) =>
    deadLetterTask(
      resources,
      kind,
      { 'keys.$': 'States.Array($.item.Key)', ...about },
      { ResultSelector: { outcome: notChecked }, OutputPath: '$.outcome', End: true },
    );
  return {
    Recorded: { Type: 'Succeed', OutputPath: '$.report.verdict' },
    ReportNotRecorded: deadLetter('not-recorded', { 'found.$': '$.report.verdict' }),
    ReportChangeNotAnnounced: deadLetter('not-announced', {
      detailType: statusChangeDetailType,
      detail: statusChangeDetail,
    }),
    ReportInconclusiveNotAnnounced: deadLetter('not-announced', {
      detailType: inconclusiveDetailType,
      detail: inconclusiveDetail,
    }),
  };
}

/** If the condition is not met, another execution was first, and nothing is left to do. */
function record(resources: HealthCheckResources, update: Update, rest: State): State {
  return updateItemTask(resources, update, { otherwise: 'Recorded', failed: 'ReportNotRecorded', ...rest });
}

function summarize(summary: string): State {
  return { Type: 'Pass', Parameters: { 'summary.$': summary }, ResultPath: '$.change', Next: 'MoveStatus' };
}

function has(report: string, verdict: string): State {
  return { Variable: `${report}.verdict`, StringEquals: verdict };
}

function isPresent(path: string): State {
  return { Variable: path, IsPresent: true };
}

const wasNew: State = { Variable: '$.before.status', StringEquals: newCustomer };
