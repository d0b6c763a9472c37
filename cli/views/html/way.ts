import type { Edge } from './edges.ts';
import type { Box, DiagramLayout, Node } from './layout.ts';
import { isThrough } from './states.ts';
import { type Html, html } from './template.ts';

/** How a report travels, which no permission is; as far as it gets. */
export function renderWay({ frame, nodes, service }: DiagramLayout, edges: readonly Edge[]): Html | undefined {
  const from = nodes.find(({ kind, side }) => kind === 'bucket' && side === 'service');
  const to = nodes.find(({ kind, side }) => kind === 'bucket' && side === 'customer');
  if (!from || !to) return undefined;
  const end = endOf(edges);
  return frame.stacked ? downwards(from, to, nodes, service, end) : across(from, to, frame.border.service - 16, end);
}

/** Where a report is stopped: before it is stored, before it leaves Account A, or before the Secure Inbox. */
type End = 'store' | 'border' | 'inbox';

function endOf(edges: readonly Edge[]): End | undefined {
  const stopped = edges.filter(({ state }) => !isThrough(state));
  if (stopped.some(({ permission: { step } }) => step === 'assume-delivery-role' || step === 'put-internal'))
    return 'store';
  const copy = stopped.filter(({ permission }) => permission.step === 'copy-to-inbox');
  if (copy.length === 0) return undefined;
  return copy.some(({ diagnoses }) => diagnoses[0]?.denial.side === 'service') ? 'border' : 'inbox';
}

const [reach, size] = [18, 9];

function across(from: Box, to: Box, border: number, end: End | undefined): Html {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x + to.width / 2, to.y - 4];
  const whole = `H${x2 - 14}Q${x2} ${y1} ${x2} ${y1 + 14}V`;
  const name = html`<text class="way-name" x="${x2 - 16}" y="${y1 - 12}" text-anchor="end">the report</text>`;
  const path = (d: string) => html`<path class="way" d="M${x1} ${y1}${d}"/>`;
  const rest = (x: number) => html`<path class="way-rest" d="M${x} ${y1}${whole}${y2}"/>`;
  if (end === undefined) return html`${path(`${whole}${y2 - 8}`)}${head(x2, y2)}${name}`;
  if (end === 'inbox')
    return html`${path(`${whole}${y2 - 4}`)}<path class="way-bar" d="M${x2 - reach} ${y2 - 2}H${x2 + reach}"/>${name}`;
  const x = end === 'store' ? x1 + 3 : Math.max(border, x1 + 8);
  return html`${path(`H${x}`)}<path class="way-bar" d="M${x} ${y1 - reach}V${y1 + reach}"/>${rest(x + 8)}${name}`;
}

/** Where nothing is between the two buckets: a column has no room for a way around. */
function downwards(from: Node, to: Node, nodes: readonly Node[], service: Box, end: End | undefined): Html | undefined {
  if (nodes.indexOf(to) !== nodes.indexOf(from) + 1) return undefined;
  const x = from.x + from.width / 2;
  const [y1, y2] = [from.y + from.height, to.y - 4];
  const path = (y: number) => html`<path class="way" d="M${x} ${y1}V${y}"/>`;
  if (end === undefined) return html`${path(y2 - 8)}${head(x, y2)}`;
  const y = { store: y1 + 3, border: service.y + service.height - 4, inbox: y2 - 2 }[end];
  return html`${path(y)}<path class="way-bar" d="M${x - reach} ${y}H${x + reach}"/>${end !== 'inbox' && html`<path class="way-rest" d="M${x} ${y + 8}V${y2}"/>`}`;
}

function head(x: number, y: number): Html {
  return html`<path class="way-head" d="M${x - size} ${y - size - 1}L${x} ${y}L${x + size} ${y - size - 1}z"/>`;
}
