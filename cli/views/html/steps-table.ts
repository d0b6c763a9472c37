import type { Report, RequestSummary, ServiceError, StepResult } from '../../../core/report.ts';
import { steps } from '../../../core/vocabulary.ts';
import { stepNumber } from './diagram.ts';
import { fieldList, icon } from './pieces.ts';
import { statusLooks } from './states.ts';
import { type Html, html } from './template.ts';
import { milliseconds } from './words.ts';

/** What was tried, in its order, and AWS's answers word for word. */
export function renderSteps({ steps: results }: Report): Html {
  return html`<ol class="steps">${results.map(renderStep)}</ol>`;
}

function renderStep(result: StepResult): Html {
  const { step, status, durationMs, request, error, reason } = result;
  const look = statusLooks[status];
  return html`<li class="step ${look.tone}">
<p class="step-line">${icon(look)} <span class="step-name"><span class="number">${stepNumber(step)}</span> ${step}</span> <strong class="status">${status}</strong> <span class="time">${status === 'skipped' ? '' : milliseconds(durationMs)}</span></p>
<p class="gloss">${steps[step]}</p>
${reason && html`<p>${reason}</p>`}
${error && renderError(error)}
${request && renderRequest(request)}
</li>`;
}

function renderError({ code, httpStatus, message, requestId, extendedRequestId }: ServiceError): Html {
  return html`<figure class="answer"><figcaption>AWS answered ${code}${httpStatus !== undefined && `, HTTP ${httpStatus}`}</figcaption>
<blockquote>${message === '' ? '(no message)' : message}</blockquote>
${
  (requestId || extendedRequestId) &&
  fieldList([
    ['request id', requestId && html`<code>${requestId}</code>`],
    ['extended request id', extendedRequestId && html`<code>${extendedRequestId}</code>`],
  ])
}</figure>`;
}

function renderRequest(request: RequestSummary): Html {
  return html`<details><summary>${request.operation} in ${request.region}: what was asked</summary>${fieldList(
    Object.entries(request).map(([name, value]) => [name, html`<code>${value}</code>`] as const),
  )}</details>`;
}
