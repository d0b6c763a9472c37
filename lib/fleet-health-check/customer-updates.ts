import { steps } from '../../core/vocabulary.ts';
import { newCustomer } from './events.ts';
import type { Update } from './update-item.ts';

/** The copy's request, because a report has every step in order. Absent if the copy was not tried. */
export const copyRequest = `$.report.steps[${Object.keys(steps).indexOf('copy-to-inbox' satisfies keyof typeof steps)}].request`;

/** Records the check and reads the status in one step. A check older than the last one is dropped. */
export const recordCheck: Update = {
  set: ['#customer = :customer', '#checkedAt = :startedAt', '#status = if_not_exists(#status, :new)'],
  remove: ['#inconclusiveInARow', '#inconclusiveAt', '#inconclusiveAnnouncedBy'],
  condition: 'attribute_not_exists(#checkedAt) OR #checkedAt <= :startedAt',
  values: { customer: '$.report.customer', startedAt: '$.report.startedAt', new: newCustomer },
};

/** Also records where reports are delivered. */
export const recordCheckAndInbox: Update = {
  ...recordCheck,
  set: [...recordCheck.set, '#inboxBucket = :inboxBucket', '#inboxKeyArn = :inboxKeyArn'],
  values: {
    ...recordCheck.values,
    inboxBucket: `${copyRequest}.bucket`,
    inboxKeyArn: `${copyRequest}.kmsKeyArn`,
  },
};

export const recordFirstPass: Update = {
  set: ['#status = :passed', '#previousStatus = :new', '#statusSince = :startedAt', '#changeId = :changeId'],
  condition: '#status = :new',
  values: { passed: 'passed', new: newCustomer, startedAt: '$.report.startedAt', changeId: '$.changeId' },
};

/** The ID lets a retry recognize its own update if the first answer was lost. */
export const moveStatus: Update = {
  set: [
    '#status = :verdict',
    '#previousStatus = :before',
    '#statusSince = :startedAt',
    '#checkedAt = :startedAt',
    '#changeId = :changeId',
    '#summary = :summary',
  ],
  condition: '(#status = :before AND #checkedAt <= :startedAt) OR #changeId = :changeId',
  values: {
    verdict: '$.confirmed.report.verdict',
    before: '$.before.status',
    startedAt: '$.confirmed.report.startedAt',
    changeId: '$.changeId',
    summary: '$.change.summary',
  },
};

/** A retry counts nothing twice. If it can't read the count back, the next check does. */
export const countInconclusive: Update = {
  set: [
    '#customer = :customer',
    '#status = if_not_exists(#status, :new)',
    '#inconclusiveInARow = if_not_exists(#inconclusiveInARow, :zero) + :one',
    '#inconclusiveAt = :startedAt',
  ],
  condition:
    '(attribute_not_exists(#inconclusiveAt) OR #inconclusiveAt < :startedAt) AND ' +
    '(attribute_not_exists(#checkedAt) OR #checkedAt <= :startedAt)',
  values: { customer: '$.report.customer', startedAt: '$.report.startedAt', new: newCustomer, zero: 0, one: 1 },
};

/** Once per series of inconclusive checks, however long it is. */
export const claimInconclusive: Update = {
  set: ['#inconclusiveAnnouncedBy = :changeId'],
  condition: 'attribute_not_exists(#inconclusiveAnnouncedBy) OR #inconclusiveAnnouncedBy = :changeId',
  values: { changeId: '$.changeId' },
};
