import { progressOn } from '../../cli/progress.ts';

function onOutput(isTTY: boolean) {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  return { progress: progressOn({ write, isTTY, columns: 20 }), written: () => written };
}

test('rewrites one line on a terminal, and leaves nothing behind', () => {
  const { progress, written } = onOutput(true);
  progress.counter('1 of 2: a title that is longer than the line');
  progress.counter('2 of 2');
  progress.stage('Done');
  progress.end();
  const erase = '\r\u001b[J';
  expect(written()).toBe(`1 of 2: a title tha${erase}2 of 2${erase}Done\n`);
});

test('several lines are rewritten together, and the counter stays below them', () => {
  const { progress, written } = onOutput(true);
  progress.live(['one', 'two']);
  progress.counter('1 of 2');
  progress.live(['two']);
  progress.end();
  const erase = (up: number) => `\u001b[${up}A\r\u001b[J`;
  expect(written()).toBe(`one\ntwo${erase(1)}one\ntwo\n1 of 2${erase(2)}two\n1 of 2${erase(1)}`);
});

test('a file gets only the stages, without escape sequences', () => {
  const { progress, written } = onOutput(false);
  progress.stage('Synthesizing…');
  progress.counter('1 of 2');
  progress.live(['one', 'two']);
  progress.end();
  expect(written()).toBe('Synthesizing…\n');
});
