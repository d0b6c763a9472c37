import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { packageVersion } from '../version.ts';
import { type Allowed, type Tool, toolsFor } from './tools.ts';

const instructions =
  'For AccessDenied across two AWS accounts (S3, KMS, STS). Never guess from the text of an error: call explain with it, ' +
  'preflight with the policies if you have them, simulate for a single question. Their answers say how sure they are.';

/** https://modelcontextprotocol.io/specification/2025-06-18/server/tools */
export function mcpServer(allowed: Allowed): McpServer {
  const server = new McpServer({ name: 'secure-inbox', version: packageVersion() }, { instructions });
  for (const tool of toolsFor(allowed)) register(server, tool);
  return server;
}

function register(server: McpServer, { name, title, description, input, output, writes, run }: Tool): void {
  const annotations = { readOnlyHint: !writes, destructiveHint: false, idempotentHint: true, openWorldHint: writes };
  server.registerTool(
    name,
    { title, description, inputSchema: input, outputSchema: output, annotations },
    async (given: unknown, { signal }: { readonly signal: AbortSignal }) => {
      const { content, message } = await run(given as Readonly<Record<string, unknown>>, signal);
      if (content === undefined) return { isError: true, content: [{ type: 'text' as const, text: message }] };
      return {
        structuredContent: content,
        // Also as text, for clients that know no structured content.
        content: [{ type: 'text' as const, text: JSON.stringify(content) }],
      };
    },
  );
}
