import { escaped, html, visible } from '../../../../cli/views/html/template.ts';

it('escapes values and leaves markup of other templates alone', () => {
  const inner = html`<b>${'<&>"\''}</b>`;
  expect(html`<p title="${'"'}">${inner}${['a', '<']}</p>`.markup).toBe(
    '<p title="&quot;"><b>&lt;&amp;&gt;&quot;&#39;</b>a&lt;</p>',
  );
});

it('leaves out absent values, but not zero', () => {
  expect(html`${undefined}${false}${0}${''}`.markup).toBe('0');
});

it('shows characters that hide text or change its direction', () => {
  expect(escaped('a\u202eb\u0000\u2028')).toBe('a\\u202eb\\u0000\\u2028');
  expect(visible('two\nlines')).toBe('two\nlines');
});

it('shows them as escapes in JSON too', () => {
  const statement = { Sid: 'a\u200bb\u{e0041}' };
  expect(JSON.parse(visible(JSON.stringify(statement)))).toEqual(statement);
});
