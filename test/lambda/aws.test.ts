import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { connectToAws } from '../../lambda/customer_configuration_check/aws.ts';
import { startFakeAws } from './fake-aws.ts';
import { environmentFor } from './invocation.ts';

const original = process.env;
const region = 'us-east-1';
const session = (name: string) => ({
  accessKeyId: name,
  secretAccessKey: 's',
  sessionToken: 't',
  expiration: new Date('2026-11-21T13:00:00Z'),
});

test('has one client per Region and session, with shared connections', () => {
  const aws = connectToAws({ region, customEndpoint: false });
  const acme = session('acme');
  const client = aws.s3(region, acme);
  expect(aws.s3(region, acme)).toBe(client);
  for (const other of [aws.s3('eu-west-1', acme), aws.s3(region, session('other')), aws.s3(region)]) {
    expect(other).not.toBe(client);
    expect(other.config.requestHandler).toBe(aws.sts.config.requestHandler);
  }
  expect(aws.s3(region)).toBe(aws.s3(region));
});

test('gives up a silent connection and tries again', async () => {
  const fake = await startFakeAws();
  process.env = environmentFor(fake.url);
  try {
    fake.answers = { DeleteObject: (_, nth) => (nth === 1 ? 'hang' : undefined) };
    const aws = connectToAws({ region, customEndpoint: true }, { connectionTimeout: 1_000, requestTimeout: 20 });
    await aws.s3(region).send(new DeleteObjectCommand({ Bucket: 'bucket', Key: 'key' }));
    expect(fake.requests).toHaveLength(2);
  } finally {
    process.env = original;
    await fake.stop();
  }
});

test.each([true, false])('uses path style only with a custom endpoint (%s)', (customEndpoint) => {
  const { config } = connectToAws({ region, customEndpoint }).s3(region);
  expect(config.forcePathStyle).toBe(customEndpoint);
});
