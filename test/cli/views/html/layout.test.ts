import { accountsIn } from '../../../../cli/views/accounts-of-report.ts';
import { edgesOf } from '../../../../cli/views/edges-of-report.ts';
import { renderDiagram } from '../../../../cli/views/html/diagram.ts';
import { diagramLayoutOf, narrow, wide } from '../../../../cli/views/html/layout.ts';
import { type Captured, captured, capturedReport } from './captured.ts';

function drawingOf(name: Captured) {
  const report = capturedReport(name);
  const accounts = accountsIn(report);
  return { accounts, edges: edgesOf(report, accounts) };
}

const bottomOf = ({ y, height }: { readonly y: number; readonly height: number }) => y + height;

describe.each(captured)('%s', (name) => {
  const { accounts, edges } = drawingOf(name);

  it("on a phone has the customer's account below the service's, each with its own resources", () => {
    const { service, customer, nodes, role, checker, height } = diagramLayoutOf(edges, accounts, narrow);
    expect(customer.y).toBeGreaterThan(bottomOf(service));
    expect(bottomOf(customer)).toBeLessThanOrEqual(height);
    for (const box of [role, checker, ...nodes.filter(({ side }) => side === 'service')]) {
      expect(bottomOf(box)).toBeLessThan(bottomOf(service));
    }
    for (const box of nodes.filter(({ side }) => side === 'customer')) expect(box.y).toBeGreaterThan(customer.y + 30);
  });

  it.each([wide, narrow])(
    'in a $name drawing every line ends at or before its resource, and begins at the role',
    (frame) => {
      const { rows, nodes, trunk } = diagramLayoutOf(edges, accounts, frame);
      for (const { from, stop, to, y } of rows) {
        expect([from < stop, stop < to]).toEqual([true, true]);
        expect(nodes.some((node) => node.x === to && node.y < y && y < bottomOf(node))).toBe(true);
      }
      expect(trunk?.to).toBe(frame.stacked ? rows.at(-1)?.y : undefined);
    },
  );
});

describe('the path of the report', () => {
  const way = (name: Captured) => {
    const { accounts, edges } = drawingOf(name);
    const { markup } = renderDiagram(
      edges.map((edge, at) => ({ edge, detailsId: `e${at}` })),
      accounts,
    );
    const [wideDrawing = ''] = markup.split('class="drawing narrow"');
    return {
      arrives: wideDrawing.includes('class="way-head"'),
      stopped: wideDrawing.includes('class="way-bar"'),
      x: Number(/class="way-bar" d="M([\d.]+)/.exec(wideDrawing)?.[1]),
    };
  };

  it('leads into the Secure Inbox if nothing stops it', () => {
    expect(way('passed')).toMatchObject({ arrives: true, stopped: false });
  });

  it.each([
    ['silent-bucket-policy', 'the customer', [wide.column.customer.x, wide.width]],
    ['decrypt-not-allowed', 'the service', [0, wide.border.service]],
    ['customer-did-nothing', 'the layer that keeps reports from being stored', [0, wide.border.service]],
  ] as const)('%s: ends where %s stops it', (name, _, [from, to]) => {
    const { x, ...ends } = way(name);
    expect(ends).toEqual({ arrives: false, stopped: true });
    expect([x > from, x < to]).toEqual([true, true]);
  });
});
