import type { CommandModule } from './command-module.ts';

export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  /** Only the command that is asked for is loaded, so that `--help` is instant. */
  readonly load: () => Promise<CommandModule>;
}

/** To add a command: a file in commands/, and a row here. */
export const commandTable: readonly CommandRow[] = [
  {
    name: 'check',
    summary: 'run the check and say which step was denied, by which layer, on whose side',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'preflight',
    summary:
      'say, before anything is deployed, whether a customer’s documents will work, and all that is wrong with them',
    load: async () => (await import('./commands/preflight.ts')).preflight,
  },
  {
    name: 'collect',
    summary: 'read both accounts from AWS into a scenario, as far as your credentials may',
    load: async () => (await import('./commands/collect.ts')).collect,
  },
  {
    name: 'explain',
    summary: 'say what an error message, a CloudTrail event or a report means, and what to do about it',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'simulate',
    summary: 'decide single requests from policies and context, across accounts and offline',
    load: async () => (await import('./commands/simulate.ts')).simulate,
  },
  {
    name: 'onboard',
    summary: 'say what a customer has to deploy; register the customer, and run the first check',
    load: async () => (await import('./commands/onboard.ts')).onboard,
  },
  {
    name: 'offboard',
    summary: 'remove a customer’s registration',
    load: async () => (await import('./commands/offboard.ts')).offboard,
  },
  {
    name: 'sandbox',
    summary: 'start two AWS accounts on this machine and print how to talk to them',
    load: async () => (await import('./commands/sandbox.ts')).sandbox,
  },
  {
    name: 'mcp',
    summary: 'serve explain, simulate, preflight and check to an AI assistant',
    load: async () => (await import('./commands/mcp.ts')).mcp,
  },
  {
    name: 'catalogue',
    summary: 'run every scenario of a folder and print how often the check is right',
    load: async () => (await import('./commands/catalogue.ts')).catalogue,
  },
];
