import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { request } from 'node:https';

/**
 * Passes requests on to a stack that speaks HTTPS with a certificate of its own, so that `aws:SecureTransport` is true there
 * and no client has to trust the certificate. To answers that have none it adds the request id that every answer of S3 has:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
 */
export async function startFront(port) {
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const target = { host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false };
    const passedOn = request(target, (answer) => {
      const added = { 'x-amz-request-id': answer.headers['x-amzn-requestid'] ?? randomUUID() };
      outgoing.writeHead(answer.statusCode, { ...added, ...answer.headers });
      answer.pipe(outgoing);
    });
    passedOn.on('error', () => outgoing.destroy());
    incoming.pipe(passedOn);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
