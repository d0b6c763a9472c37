import type { ResourceRole } from '../../../core/permissions.ts';
import type { Side } from '../../../core/vocabulary.ts';
import type { AccountsOfReport } from '../accounts-of-report.ts';
import type { Edge } from '../edges-of-report.ts';

/** The positions in the drawing, in viewBox units, without SVG. */
export interface DiagramLayout {
  readonly frame: Frame;
  readonly height: number;
  readonly service: Box;
  readonly customer: Box;
  readonly checker: Box;
  readonly role: Box;
  readonly assume: { readonly edge: Edge; readonly x: number; readonly from: number; readonly to: number } | undefined;
  readonly nodes: readonly Node[];
  readonly rows: readonly Row[];
  /** If Account B is below: the line that leads from the role down to it. */
  readonly trunk: { readonly x: number; readonly from: number; readonly to: number } | undefined;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Node extends Box {
  readonly title: string;
  /** The resource's name, broken into lines that fit. */
  readonly lines: readonly string[];
  readonly side: Side;
  readonly kind: 'bucket' | 'key';
}

export interface Row {
  readonly edge: Edge;
  readonly y: number;
  readonly from: number;
  readonly to: number;
  /** Where a line ends that gets no further: in front of the part that denies it. */
  readonly stop: number;
  readonly hit: Box;
}

export interface Frame {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  readonly role: { readonly x: number; readonly width: number };
  readonly column: Readonly<Record<Side, { readonly x: number; readonly width: number }>>;
  /** The right edge of Account A and the left edge of Account B. */
  readonly border: { readonly service: number; readonly customer: number };
  readonly rowHeight: number;
  readonly lineLength: number;
  /** True if Account B is below Account A. */
  readonly stacked: boolean;
}

/** Side by side, for large screens. */
export const wide: Frame = {
  name: 'wide',
  width: 856,
  role: { x: 18, width: 52 },
  column: { service: { x: 322, width: 184 }, customer: { x: 636, width: 202 } },
  border: { service: 524, customer: 564 },
  rowHeight: 48,
  lineLength: 25,
  stacked: false,
};

/** Account B below Account A, for phones. */
export const narrow: Frame = {
  name: 'narrow',
  width: 360,
  role: { x: 10, width: 34 },
  column: { service: { x: 240, width: 110 }, customer: { x: 240, width: 110 } },
  border: { service: 359, customer: 1 },
  rowHeight: 48,
  lineLength: 17,
  stacked: true,
};

interface Group {
  readonly on: ResourceRole;
  readonly title: string;
  readonly side: Side;
  readonly kind: Node['kind'];
  readonly edges: readonly Edge[];
}

const top = 40;
const checkerHeight = 34;
const assumeLength = 62;
const gap = 16;
const margin = 14;
const textHeight = 14;
/** The height of an account's title with the space around it. */
const titleHeight = 40;

export function diagramLayoutOf(edges: readonly Edge[], accounts: AccountsOfReport, frame: Frame): DiagramLayout {
  const roleTop = top + checkerHeight + assumeLength;
  const roleMiddle = frame.role.x + frame.role.width / 2;
  const nodes: Node[] = [];
  const rows: Row[] = [];
  let y = roleTop;
  let serviceBottom: number | undefined;
  for (const { on, title, side, kind, edges: own } of groupsOf(edges, accounts)) {
    if (frame.stacked && side === 'customer' && serviceBottom === undefined) {
      serviceBottom = Math.max(y - gap, roleTop + gap);
      y = serviceBottom + margin + gap + titleHeight;
    }
    const column = frame.column[side];
    const lines = broken(shortName(accounts.resources[on]), frame.lineLength);
    const rowsHeight = own.length * frame.rowHeight;
    const height = Math.max(rowsHeight, 40 + lines.length * textHeight);
    const firstRow = y + (height - rowsHeight) / 2;
    nodes.push({ ...column, y, height, title, lines, side, kind });
    rows.push(...own.map((edge, at) => rowAt(edge, firstRow + at * frame.rowHeight, side, frame)));
    y += height + gap;
  }
  const bottom = y - gap;
  const height = bottom + margin + 2;
  const roleBottom = serviceBottom ?? bottom;
  const assumed = edges.find(({ permission }) => permission.on === 'delivery-role');
  const customerX = frame.border.customer;
  const customerY = serviceBottom === undefined ? 1 : serviceBottom + margin + gap;
  const serviceHeight = serviceBottom === undefined ? height - 2 : serviceBottom + margin - 1;
  const last = rows.at(-1);
  return {
    frame,
    height,
    service: { x: 1, y: 1, width: frame.border.service - 1, height: serviceHeight },
    customer: { x: customerX, y: customerY, width: frame.width - customerX - 1, height: height - customerY - 1 },
    checker: { x: frame.role.x, y: top, width: 150, height: checkerHeight },
    role: { x: frame.role.x, y: roleTop, width: frame.role.width, height: roleBottom - roleTop },
    assume: assumed && { edge: assumed, x: roleMiddle, from: top + checkerHeight, to: roleTop },
    nodes,
    rows,
    trunk: serviceBottom !== undefined && last ? { x: roleMiddle, from: roleBottom, to: last.y } : undefined,
  };
}

function rowAt(edge: Edge, y: number, side: Side, frame: Frame): Row {
  const isAbroad = side === 'customer';
  const { x, width } = frame.role;
  const from = isAbroad && frame.stacked ? x + width / 2 : x + width;
  const to = frame.column[side].x;
  const isStoppedAtHome = isAbroad && edge.diagnoses[0]?.denial.side === 'service';
  const border = frame.stacked ? from + 29 : frame.border.service - 16;
  const stop = isStoppedAtHome ? border : to - 16;
  const hit = { x: from + 2, y: y + 1, width: to - from - 4, height: frame.rowHeight - 2 };
  return { edge, y: y + frame.rowHeight / 2, from, to, stop, hit };
}

/** Edges within Account A come first, so that no lines cross. */
function groupsOf(edges: readonly Edge[], { internalKeySide, oneKey }: AccountsOfReport): readonly Group[] {
  const about = (...roles: readonly ResourceRole[]) => edges.filter(({ permission }) => roles.includes(permission.on));
  const groups: readonly Group[] = [
    {
      on: 'internal-object',
      title: 'Internal bucket',
      side: 'service',
      kind: 'bucket',
      edges: about('internal-object'),
    },
    {
      on: 'internal-key',
      title: 'Internal key',
      side: internalKeySide,
      kind: 'key',
      edges: oneKey ? [] : about('internal-key'),
    },
    { on: 'inbox-object', title: 'Secure Inbox', side: 'customer', kind: 'bucket', edges: about('inbox-object') },
    {
      on: 'inbox-key',
      title: 'KMS key',
      side: 'customer',
      kind: 'key',
      edges: oneKey ? about('inbox-key', 'internal-key') : about('inbox-key'),
    },
  ];
  const order: readonly Side[] = ['service', 'customer'];
  return groups
    .filter((group) => group.edges.length > 0)
    .toSorted((a, b) => order.indexOf(a.side) - order.indexOf(b.side));
}

/** The bucket of an object's ARN, or a key's ID. The details show the whole ARN. */
function shortName(arn: string | undefined): string {
  if (arn === undefined) return '(not in the report)';
  const resource = arn.split(':').slice(5).join(':');
  return resource.startsWith('key/') ? resource.slice('key/'.length) : (resource.split('/')[0] ?? arn);
}

const mostLines = 4;

/** Breaks after a hyphen or a space, if there is one. */
function broken(name: string, length: number): readonly string[] {
  const lines: string[] = [];
  let rest = name;
  while (rest.length > length) {
    const seam = Math.max(rest.lastIndexOf('-', length - 1), rest.lastIndexOf(' ', length - 1)) + 1;
    const at = seam > length / 2 ? seam : length;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  lines.push(rest);
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), `${lines[mostLines - 1]?.slice(0, length - 1)}…`];
}
