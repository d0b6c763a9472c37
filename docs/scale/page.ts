import { fleets, limits, prices, runsAMonth } from './assumptions.ts';
import { costOf, loadOf, monthly, mostConcurrency, type Service } from './model.ts';

/** The parts of docs/scale.md that the model computes, by the names of their markers. */
export const parts: Readonly<Record<string, () => string>> = {
  runs: () =>
    table(
      ['customers', '`maxConcurrency`', 'checks a second', 'a run takes'],
      fleets.map((fleet) => {
        const { checksASecond, runSeconds } = loadOf(fleet);
        const own = `${fleet.maxConcurrency}${fleet.note}`;
        return [count(fleet.customers), own, count(checksASecond), duration(runSeconds)];
      }),
    ),
  load: () => {
    const loads = fleets.slice(1).map(loadOf);
    const rows: [string, number, (load: ReturnType<typeof loadOf>) => number][] = [
      ['AssumeRole a second', limits.stsASecond, ({ stsASecond }) => stsASecond],
      ['state transitions a second', limits.transitionsASecond, ({ transitionsASecond }) => transitionsASecond],
      ['cryptographic operations of KMS a second', limits.kmsASecond, ({ kmsASecond }) => kmsASecond],
      ['S3 writes a second in the internal bucket', limits.writesOfAPrefixASecond, (one) => one.internalWritesASecond],
      ['S3 reads a second, each there and in the registry', limits.readsOfAPrefixASecond, (one) => one.readsASecond],
      ['DynamoDB writes a second', limits.tableWritesASecond, ({ tableWritesASecond }) => tableWritesASecond],
    ];
    const columns = fleets.slice(1).map(({ customers }) => `at ${count(customers)}`);
    return table(
      ['load', 'limit', ...columns],
      rows.map(([what, limit, of]) => [what, count(limit), ...loads.map((load) => shareOf(of(load), limit))]),
    );
  },
  costs: () => {
    const rows: [string, string, Service][] = [
      [
        '[Step Functions](https://aws.amazon.com/step-functions/pricing/), `STANDARD`',
        `$${prices.standardTransition * 1e6} a million transitions`,
        'standard',
      ],
      [
        'the same, `EXPRESS`',
        `$${prices.expressRequest * 1e6} a million requests, $${plain(prices.expressGigabyteSecond)} a GB-second`,
        'express',
      ],
      [
        '[Lambda](https://aws.amazon.com/lambda/pricing/), arm64',
        `$${(prices.lambdaRequest * 1e6).toFixed(2)} a million requests, $${plain(prices.lambdaGigabyteSecond)} a GB-second`,
        'lambda',
      ],
      [
        '[S3](https://aws.amazon.com/s3/pricing/)',
        `$${plain(prices.s3Write * 1e3)} a thousand PUT and COPY, $${plain(prices.s3Read * 1e3)} a thousand GET; DELETE is free`,
        's3',
      ],
      ['[KMS](https://aws.amazon.com/kms/pricing/)', `$${plain(prices.kmsRequest * 1e4)} for 10,000 requests`, 'kms'],
      [
        '[DynamoDB](https://aws.amazon.com/dynamodb/pricing/on-demand/)',
        `$${plain(prices.tableWrite * 1e6)} a million writes`,
        'dynamodb',
      ],
      [
        '[CloudWatch Logs](https://aws.amazon.com/cloudwatch/pricing/)',
        `$${(prices.logKilobyte * 1e6).toFixed(2)} a GB`,
        'logs',
      ],
    ];
    const of = (service: Service) => fleets.map(({ customers }) => dollars(monthly[service](customers * runsAMonth)));
    const sum = (children: 'standard' | 'express') =>
      fleets.map(({ customers }) => `**${dollars(costOf(customers, children))}**`);
    const [first, ...others] = fleets.map(({ customers }) => count(customers));
    return table(
      ['', 'price', `${first} customers`, ...others],
      [
        ...rows.map(([name, price, service]) => [name, price, ...of(service)]),
        ['**together**, `STANDARD`', '', ...sum('standard')],
        ['**together**, `EXPRESS`', '', ...sum('express')],
      ],
    );
  },
};

/** Sentences of the page that the model must agree with. */
export function sentences(): readonly string[] {
  const largest = fleets[2];
  const { runSecondsElsewhere } = loadOf(largest);
  return [
    `\`maxConcurrency\` above ${mostConcurrency} is throttled`,
    `a run then takes ${duration(runSecondsElsewhere)}`,
    `$${hundreds(costOf(largest.customers, 'express', runsAMonth / 6))} a month instead of $${hundreds(costOf(largest.customers, 'express'))}`,
  ];
}

/** @returns the page with each part between its markers computed */
export function written(page: string): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [begin, end] = [`<!-- computed: ${name} -->`, '<!-- /computed -->'];
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`docs/scale.md has no part ${name}.`);
    return `${text.slice(0, from + begin.length)}\n\n${part()}\n\n${text.slice(to)}`;
  }, page);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function shareOf(value: number, limit: number): string {
  return `${count(value)} (${Math.round((100 * value) / limit)}%)`;
}

function dollars(value: number): string {
  return `$${count(value)}`;
}

function hundreds(value: number): string {
  return count(Math.round(value / 100) * 100);
}

function duration(seconds: number): string {
  return seconds < 60 ? `${count(seconds)} seconds` : `${count(seconds / 60)} minutes`;
}

/** Without an exponent. */
function plain(value: number): string {
  return value.toFixed(12).replace(/0+$/, '').replace(/\.$/, '');
}
