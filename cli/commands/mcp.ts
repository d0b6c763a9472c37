import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { type CommandModule, untilEnded } from '../command.ts';

interface McpOptions {
  readonly function?: string;
  readonly local?: true;
  readonly profile?: string;
  readonly region?: string;
}

const help = `
Speaks the Model Context Protocol on stdin and stdout, for an AI assistant: explain, simulate, preflight, check and
sandbox_scenarios. Without options it calls no AWS service and reads none of your files. For the assistant's
configuration, see docs/assistants.md.

Examples:
  secure-inbox mcp                                           offline tools only
  secure-inbox mcp --function customer_configuration_check   the assistant may also run the deployed check

Exit status:
  0  the assistant closed the connection
  2  usage
`;

export const mcpCommand: CommandModule = {
  declare(command) {
    command
      .option('--function <name>', 'let the assistant invoke this deployed Lambda, with your AWS credentials')
      .option('--local', 'let the assistant run the check on this machine, with your AWS credentials')
      .option('--profile <name>', 'AWS profile for both (default: AWS_PROFILE)')
      .option('--region <name>', 'AWS Region for both (default: AWS_REGION)')
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    const { stdin, stdout, env } = surroundings;
    const { local = false, ...options } = command.opts<McpOptions>();
    const [{ mcpServer }, { StdioServerTransport }] = await Promise.all([
      import('../mcp/mcp-server.ts'),
      import('@modelcontextprotocol/sdk/server/stdio.js'),
    ]);
    const server = mcpServer({ ...options, local, env });
    // The protocol ends when its input ends, which the transport doesn't report.
    const inputEnded = new Promise<void>((resolve) => stdin.once('end', () => resolve()));
    const output = new Writable({
      write(chunk: Buffer, _, done) {
        stdout.write(chunk.toString());
        done();
      },
    });
    await server.connect(new StdioServerTransport(stdin, output));
    await Promise.race([inputEnded, untilEnded(surroundings)]);
    await server.close();
    return 0;
  },
};
