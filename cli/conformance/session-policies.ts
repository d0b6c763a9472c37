import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { PolicyDocument } from '../../model/world/world.ts';
import { signedFetch } from '../collect/signed-requests.ts';

interface Target {
  /** Of STS. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: AwsCredentialIdentity;
}

/**
 * Stands between the check and STS in worlds in which the session of the delivery role has another policy than the check
 * asks for: puts that one into AssumeRole, signs the request again, and passes AWS's answer on as it is.
 */
export class SessionPolicies {
  readonly #server: Server;
  #policy: PolicyDocument | undefined;
  #target: Target | undefined;
  #url: Promise<string> | undefined;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** @returns what the check takes for STS */
  async use(policy: PolicyDocument, target: Target): Promise<string> {
    this.#policy = policy;
    this.#target = target;
    this.#url ??= new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
      });
    });
    return this.#url;
  }

  async end(): Promise<void> {
    if (this.#url === undefined) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of message) chunks.push(chunk);
      const answer = await this.#forwarded(Buffer.concat(chunks).toString());
      response.writeHead(answer.status, Object.fromEntries(answer.headers.filter(([name]) => !hopByHop.test(name))));
      response.end(answer.body);
    } catch (error) {
      response.writeHead(502);
      response.end(String(error));
    }
  }

  async #forwarded(form: string) {
    const target = this.#target;
    if (!target) throw new Error('Nobody has said what STS is');
    const parameters = new URLSearchParams(form);
    if (parameters.get('Action') === 'AssumeRole') parameters.set('Policy', JSON.stringify(this.#policy));
    const { endpoint, ...signing } = target;
    const answered = await signedFetch({ ...signing, service: 'sts', url: new URL('/', endpoint), form: parameters });
    return { status: answered.status, headers: [...answered.headers], body: Buffer.from(await answered.arrayBuffer()) };
  }
}

/** They are about the connection that the answer came over. */
const hopByHop = /^(connection|transfer-encoding|content-encoding|content-length|keep-alive)$/i;
