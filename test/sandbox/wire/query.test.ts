import type { SandboxRequest } from '../../../sandbox/wire/operation.ts';
import { QueryInput } from '../../../sandbox/wire/query.ts';

function inputOf(query: string, body: string): QueryInput {
  const request: Pick<SandboxRequest, 'query' | 'body'> = {
    query: new URLSearchParams(query),
    body: Buffer.from(body),
  };
  return QueryInput.of(request as SandboxRequest);
}

it('reads lists in the order of their numbers, whatever numbers are left out', () => {
  const input = inputOf('', 'Names.member.10=c&Names.member.2=b&Names.member.1=a&NamesOfOthers.member.1=x');
  expect(input.strings('Names')).toEqual(['a', 'b', 'c']);
  expect([input.has('Names'), input.has('Name'), input.strings('Name')]).toEqual([true, false, []]);
});

it('reads lists in lists', () => {
  const input = inputOf(
    '',
    'Entries.member.2.Values.member.1=y&Entries.member.1.Values.member.1=x&Entries.member.1.Key=k',
  );
  const [first = '', ...others] = input.members('Entries');
  expect([first, others]).toEqual(['Entries.member.1', ['Entries.member.2']]);
  expect([input.string(`${first}.Key`), input.strings(`${first}.Values`)]).toEqual(['k', ['x']]);
});

it('takes the first of repeated parameters, and the URL before the body', () => {
  const input = inputOf('Max=1', 'Max=2&Min=3&Min=4&Word=x');
  expect([input.integer('Max'), input.integer('Min'), input.integer('Word')]).toEqual([1, 3, Number.NaN]);
});
