import { fieldList } from '../../cli/views/html/pieces.ts';
import { type Html, html } from '../../cli/views/html/template.ts';
import { objectAt, textAt } from '../../core/json.ts';
import type { PageSettings } from '../contract.ts';

/** The values that the service has filled in, read-only. */
export function renderService({ event, known, service, serviceDocuments = [] }: PageSettings): Html {
  const inbox = objectAt(event, 'inbox') ?? known;
  return html`${fieldList([
    ['customer', textAt(event, 'customer') ?? known?.customer],
    ["customer's account", textAt(inbox, 'accountId')],
    ['Region', textAt(inbox, 'region')],
    ['bucket', textAt(inbox, 'bucket')],
    ['prefix', textAt(inbox, 'prefix')],
    ['KMS key', textAt(inbox, 'kmsKeyArn')],
    ['delivers as', service.deliveryRoleArn && html`<code>${service.deliveryRoleArn}</code>`],
    ["service's account", service.accountId],
    ['internal bucket', textAt(objectAt(event, 'internal'), 'bucket') ?? service.internalBucket],
  ])}${serviceDocuments.map(
    ({ name, text }) =>
      html`<details><summary>${name}</summary><pre tabindex="0" aria-label="${name}"><code>${text}</code></pre></details>`,
  )}`;
}
