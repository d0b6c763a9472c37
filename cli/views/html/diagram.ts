import { resourceRoles } from '../../../core/permissions.ts';
import { namesOf, type Step, steps } from '../../../core/vocabulary.ts';
import type { AccountsOfReport } from '../accounts-of-report.ts';
import { edgeStates, isThrough } from '../edge-states.ts';
import type { Edge } from '../edges-of-report.ts';
import {
  type Box,
  type DiagramLayout,
  diagramLayoutOf,
  type Frame,
  type Node,
  narrow,
  type Row,
  wide,
} from './layout.ts';
import { type Html, html } from './template.ts';

export interface Drawn {
  /** The ID of the element with the edge's details. */
  readonly detailsId: string;
  readonly edge: Edge;
}

/** Both accounts with every permission as an arrow. It is drawn twice, and the style shows the drawing that fits. */
export function renderDiagram(drawn: readonly Drawn[], accounts: AccountsOfReport): Html {
  const edges = drawn.map(({ edge }) => edge);
  return html`<div class="diagram">${[wide, narrow].map((frame) =>
    renderDrawing(diagramLayoutOf(edges, accounts, frame), accounts, drawn),
  )}</div>`;
}

function renderDrawing(layout: DiagramLayout, accounts: AccountsOfReport, drawn: readonly Drawn[]): Html {
  const { frame, height, service, customer, checker, role, assume, nodes, rows, trunk } = layout;
  const idOf = (edge: Edge) => drawn.find((one) => one.edge === edge)?.detailsId ?? '';
  return html`<svg class="drawing ${frame.name}" viewBox="0 0 ${frame.width} ${height}" role="group" aria-label="Both accounts, and every permission that a delivery needs">
${box(service, 'account')}${box(customer, 'account')}
${accountTitle(service.x + 16, service.y, 'Account A', 'the service', accounts.ids.service)}
${accountTitle((trunk?.x ?? customer.x) + 16, customer.y, 'Account B', 'the customer', accounts.ids.customer)}
${renderWay(
  layout,
  drawn.map(({ edge }) => edge),
)}
${trunk && html`<path class="trunk" d="M${trunk.x} ${trunk.from}V${trunk.to}"/>`}
${box(checker, 'node')}<text class="name" x="${checker.x + 12}" y="${checker.y + 22}">the check</text>
${box(role, 'node role')}${roleName(role, accounts.deliverer, frame)}
${nodes.map(renderNode)}
${assume && renderAssume(assume, idOf(assume.edge))}
${rows.map((row) => renderRow(row, frame, idOf(row.edge)))}
</svg>`;
}

function box({ x, y, width, height }: Box, name: string): Html {
  return html`<rect class="${name}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;
}

function accountTitle(x: number, y: number, name: string, who: string, id: string | undefined): Html {
  return html`<text class="account-name" x="${x}" y="${y + 24}">${name}<tspan class="account-id" dx="8">${[who, id].filter(Boolean).join(' · ')}</tspan></text>`;
}

function roleName({ x, y, width, height }: Box, deliverer: string | undefined, { stacked }: Frame): Html {
  const [cx, cy] = [x + width / 2, y + height / 2];
  const longest = stacked ? Math.floor(height / 6.4) - 1 : Math.floor(height / 8) - 10;
  const name = deliverer ?? '(not in the report)';
  const shown = name.length > longest ? `${name.slice(0, longest - 1)}…` : name;
  return html`<text class="role-name" text-anchor="middle" transform="translate(${cx + 4} ${cy}) rotate(-90)">${!stacked && 'who delivers: '}<tspan class="mono">${shown}</tspan></text>`;
}

function renderNode({ x, y, width, height, title, lines, kind }: Node): Html {
  const textTop = y + (height - 22 - lines.length * 14) / 2 + 16;
  return html`${box({ x, y, width, height }, `node ${kind}`)}<text class="name" x="${x + 9}" y="${textTop}">${title}</text>${lines.map(
    (line, at) => html`<text class="mono" x="${x + 9}" y="${textTop + 18 + at * 14}">${line}</text>`,
  )}`;
}

function renderAssume({ edge, x, from, to }: NonNullable<DiagramLayout['assume']>, detailsId: string): Html {
  const middle = (from + to) / 2;
  const head =
    isThrough(edge.state) && html`<path class="head" d="M${x - 5} ${to - 9}L${x} ${to - 1}L${x + 5} ${to - 9}z"/>`;
  return link(
    edge,
    detailsId,
    html`${box({ x: x - 18, y: from + 2, width: 234, height: to - from - 4 }, 'hit')}<path class="line" d="M${x} ${from + 3}V${to - 6}"/>${head}${mark(edge, x, middle)}`,
    [
      { name: 'action', x: x + 18, y: middle - 3, text: edge.permission.action },
      { name: 'note', x: x + 18, y: middle + 14, text: note(edge) },
    ],
  );
}

function renderRow({ edge, y, from, to, stop, hit }: Row, frame: Frame, detailsId: string): Html {
  const end = isThrough(edge.state)
    ? html`<path class="line" d="M${from + 1} ${y}H${to - 7}"/><path class="head" d="M${to - 10} ${y - 5}L${to - 2} ${y}L${to - 10} ${y + 5}z"/>`
    : html`<path class="line" d="M${from + 1} ${y}H${stop}"/><path class="bar" d="M${stop} ${y - 9}V${y + 9}"/><path class="rest" d="M${stop + 4} ${y}H${to - 3}"/>`;
  const layer = edge.diagnoses[0]?.denial.layer;
  const hasRoom = frame.name === 'wide' && to - from > 400;
  const by: Words = { name: 'note by', x: stop - 8, y: y - 7, anchor: 'end', text: layer ?? '' };
  return link(edge, detailsId, html`${box(hit, 'hit')}${end}${mark(edge, from + 17, y)}`, [
    { name: 'action', x: from + 33, y: y - 7, text: edge.permission.action },
    { name: 'note', x: from + 33, y: y + 16, text: note(edge, frame) },
    ...(hasRoom && layer && !isThrough(edge.state) ? [by] : []),
  ]);
}

interface Words {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly anchor?: 'end';
  readonly text: string;
}

/** Screen readers read the action and the resource. */
function link({ permission, state, resource }: Edge, detailsId: string, shapes: Html, words: readonly Words[]): Html {
  const told = `${words.map(({ text }) => text).join(' ')}, on ${resource ?? resourceRoles[permission.on]}`;
  return html`<a class="edge ${edgeStates[state].tone} is-${state}" href="#${detailsId}" aria-label="${told}">${shapes}${words.map(
    ({ name, x, y, anchor = 'start', text }) =>
      html` <text class="${name}" x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`,
  )}</a>`;
}

function mark({ state }: Edge, x: number, y: number): Html {
  return html`<use href="#mark-${edgeStates[state].mark}" x="${x - 9}" y="${y - 9}" width="18" height="18"/>`;
}

function note({ permission: { step }, state }: Edge, frame: Frame = wide): string {
  const number = stepNumber(step);
  const { label } = edgeStates[state];
  return frame.name === 'wide' ? `${number} ${step} · ${label}` : `step ${number} · ${label}`;
}

/** The step's number in the table of steps. */
export function stepNumber(step: Step): number {
  return namesOf(steps).indexOf(step) + 1;
}

/** The report's path through both accounts, as far as it gets. It is not a permission. */
function renderWay({ frame, nodes, service }: DiagramLayout, edges: readonly Edge[]): Html | undefined {
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

/** Used if nothing is between the two buckets, because a column has no room for a detour. */
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
