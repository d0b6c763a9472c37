import { fieldList } from '../../cli/views/html/pieces.ts';
import { type Html, html } from '../../cli/views/html/template.ts';
import type { PageSettings } from '../contract.ts';

/** The values that the service has filled in, read-only. */
export function renderService({ event, known, service, serviceDocuments = [] }: PageSettings): Html {
  const { customer = known?.customer, inbox = known, internal } = Object(event) as Readonly<Record<string, unknown>>;
  const field = (of: unknown, name: string): string | undefined => {
    const value: unknown = Object(of)[name];
    return value === undefined ? undefined : String(value);
  };
  return html`${fieldList([
    ['customer', customer === undefined ? undefined : String(customer)],
    ["customer's account", field(inbox, 'accountId')],
    ['Region', field(inbox, 'region')],
    ['bucket', field(inbox, 'bucket')],
    ['prefix', field(inbox, 'prefix')],
    ['KMS key', field(inbox, 'kmsKeyArn')],
    ['delivers as', service.deliveryRoleArn && html`<code>${service.deliveryRoleArn}</code>`],
    ["service's account", service.accountId],
    ['internal bucket', field(internal, 'bucket') ?? service.internalBucket],
  ])}${serviceDocuments.map(
    ({ name, text }) =>
      html`<details><summary>${name}</summary><pre tabindex="0" aria-label="${name}"><code>${text}</code></pre></details>`,
  )}`;
}
