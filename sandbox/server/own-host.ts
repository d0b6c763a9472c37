import { AwsError } from '../wire/operation.ts';

/**
 * Names that lead to the sandbox itself, and AWS's own, which nobody else can point at this machine. Under any other
 * name a page in a browser may have asked, whose name was made to lead here.
 */
const ownHosts: readonly RegExp[] = [
  /^(?:.+\.)?(?:localhost|127\.0\.0\.1)$/,
  /^\[::1\]$/,
  /\.amazonaws\.com(?:\.cn)?$/,
];

/** Refuses a request that was not meant for this machine. */
export function foreignHost(host = ''): AwsError | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (ownHosts.some((pattern) => pattern.test(name))) return undefined;
  return new AwsError(
    'AccessDenied',
    403,
    `The sandbox answers at loopback names only, such as 127.0.0.1 and BUCKET.localhost. The Host header is ${JSON.stringify(host)}.`,
  );
}
