import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Starts the sandbox with the shipped templates. Resolves to what `sandbox --json` prints, and `stop`. */
export async function startSandbox() {
  const child = spawn(process.execPath, ['bin/secure-inbox.mjs', 'sandbox', '--json'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    const access = parsed(text);
    if (access) return { ...access, stop: () => stop(child) };
  }
  throw new Error('the sandbox ended before it printed how to connect');
}

async function stop(child) {
  if (child.exitCode !== null) return;
  child.kill('SIGINT');
  await once(child, 'exit');
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The environment of every client. Contains nothing of the user's own AWS configuration. */
export function environmentOf(access) {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_|HTTPS?_PROXY$|https?_proxy$)/.test(name));
  const [check, service, customer] = access.principals.map(({ environment }) => environment);
  return {
    ...Object.fromEntries(own),
    ...access.environment,
    ...service,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_PROXY: '127.0.0.1,localhost',
    SANDBOX_URL: access.url,
    CHECK_CREDENTIALS: JSON.stringify(check),
    CUSTOMER_CREDENTIALS: JSON.stringify(customer),
    DELIVERY_ROLE: access.deliveryRoleArn,
    INTERNAL_BUCKET: access.internalBucket,
    // A bucket of Account A whose policy doesn't restrict a client's own requests.
    PLAIN_BUCKET: access.internalBucket.replace('-internal-', '-results-'),
    SERVICE_KEY: access.serviceKeyArn,
    INBOX_BUCKET: access.inboxBucket,
    INBOX_KEY: access.inboxKeyArn,
    INBOX_PREFIX: access.testEvent.inbox.prefix ?? '',
    TEST_EVENT: JSON.stringify(access.testEvent),
  };
}
