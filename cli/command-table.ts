import type { CommandModule } from './command.ts';

export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  /** An old name that still works. */
  readonly alias?: string;
  /** Loads only the requested command, so that `--help` is instant. */
  readonly load: () => Promise<CommandModule>;
}

/** To add a command: a file in commands/, and a row here. */
export const commandTable: readonly CommandRow[] = [
  {
    name: 'check',
    summary: 'run the check and report the denied step, the policy that denies it, and the account',
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  {
    name: 'preflight',
    summary: 'find every fault in a customer’s policies or template before anything is deployed',
    load: async () => (await import('./commands/preflight.ts')).preflightCommand,
  },
  {
    name: 'collect',
    summary: 'export both accounts’ policies to a scenario file, as far as your credentials allow',
    load: async () => (await import('./commands/collect.ts')).collectCommand,
  },
  {
    name: 'explain',
    summary: 'explain an error message, a CloudTrail event or a report, and how to fix the cause',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'simulate',
    summary: 'evaluate single requests against policies and context, across accounts and offline',
    load: async () => (await import('./commands/simulate.ts')).simulateCommand,
  },
  {
    name: 'page',
    summary: 'write a page on which a customer checks documents in the browser, offline',
    load: async () => (await import('./commands/page.ts')).pageCommand,
  },
  {
    name: 'onboard',
    summary: 'print what a customer must deploy, register the customer, and run the first check',
    load: async () => (await import('./commands/onboard.ts')).onboardCommand,
  },
  {
    name: 'offboard',
    summary: 'remove a customer’s registration',
    load: async () => (await import('./commands/offboard.ts')).offboardCommand,
  },
  {
    name: 'sandbox',
    summary: 'simulate two AWS accounts on this machine and print how to connect',
    load: async () => (await import('./commands/sandbox.ts')).sandboxCommand,
  },
  {
    name: 'mcp',
    summary: 'serve explain, simulate, preflight and check to an AI assistant (MCP)',
    load: async () => (await import('./commands/mcp.ts')).mcpCommand,
  },
  {
    name: 'catalog',
    alias: 'catalogue',
    summary: 'run every scenario in a folder and print how often the check is right',
    load: async () => (await import('./commands/catalog.ts')).catalogCommand,
  },
  {
    name: 'conformance',
    summary: 'run scenarios in two AWS accounts of yours and compare AWS’s answers with the sandbox’s',
    load: async () => (await import('./commands/conformance.ts')).conformanceCommand,
  },
];
