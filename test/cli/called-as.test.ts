import { calledAs } from '../../cli/called-as.ts';
import { commandTable } from '../../cli/command-table.ts';
import projectSettings from '../../package.json';

const inNpmRun = { npm_command: 'run-script', npm_lifecycle_event: 'check' };
const inNpx = { npm_command: 'exec', npm_lifecycle_event: 'npx' };

test.each([
  ['  secure-inbox check', '  npm run check'],
  ['  secure-inbox check --json', '  npm run check -- --json'],
  ['  secure-inbox explain --json | jq .denial', '  npm run --silent explain -- --json | jq .denial'],
  ['  secure-inbox sandbox --json > accounts.json &', '  npm run --silent sandbox -- --json > accounts.json &'],
  ['cat FILE | secure-inbox explain', 'cat FILE | npm run explain'],
  ['see `secure-inbox explain --help`', 'see `npm run explain -- --help`'],
  ['Usage: secure-inbox check [options]', 'Usage: npm run check -- [options]'],
  ['Usage: secure-inbox [options] [command]', 'Usage: npm run secure-inbox -- [options] [command]'],
])('%s is called %s in a checkout', (text, expected) => {
  expect(calledAs(text, inNpmRun)).toBe(expected);
});

test('npx is named if npx was used', () => {
  expect(calledAs('  secure-inbox check --json', inNpx)).toBe('  npx secure-inbox check --json');
  expect(calledAs('Usage: secure-inbox [options]', inNpx)).toBe('Usage: npx secure-inbox [options]');
});

test.each([
  'the stack secure-inbox was deployed',
  '  --from-stack secure-inbox check it',
  'secure-inbox-222222222222-us-east-1',
])('%s is not a command', (text) => {
  expect(calledAs(text, inNpmRun)).toBe(text);
});

test('nothing changes if the command was called by its own name', () => {
  expect(calledAs('  secure-inbox check --json', {})).toBe('  secure-inbox check --json');
});

test('comments of examples stay in their column', () => {
  const text = '  secure-inbox check               one\n  secure-inbox check --json        two';
  const columns = calledAs(text, inNpmRun)
    .split('\n')
    .map((line) => line.search(/one|two/));
  expect(columns).toEqual([35, 35]);
});

test('every command has the npm script that is named for it', () => {
  const scripts: Readonly<Record<string, string>> = projectSettings.scripts;
  for (const { name } of commandTable) expect(scripts[name]).toBe(`node bin/secure-inbox.mjs ${name}`);
});
