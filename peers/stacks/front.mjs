import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { request } from 'node:https';

/**
 * A proxy for a stack that uses HTTPS with its own certificate, so that `aws:SecureTransport` is true and clients don't
 * have to trust the certificate. If an answer has no request ID, it adds one, because every answer from S3 has one:
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
