import { deliveryOf } from '../../core/delivery/delivery.ts';
import { createSessionCache, type Session } from '../../lambda/customer_configuration_check/session.ts';
import { customerKey, deliveryRole, inbox, internalBucket } from './invocation.ts';

const now = new Date('2026-11-21T12:00:00Z');
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

const defaults = { region: 'us-east-1', accountId: '111111111111', internalBucket, deliveryRoleArn: deliveryRole };
const acme = deliveryOf({ customer: 'acme', inbox }, defaults);

function sessionUntil(expiration: Date): Session {
  const credentials = { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't', expiration };
  return { credentials, principal: 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme' };
}

test('a session is kept while it is valid for five more minutes', () => {
  const cache = createSessionCache();
  const session = sessionUntil(inMinutes(15));
  cache.put(acme, session);
  expect(cache.get(acme, now)).toBe(session);
  expect(cache.get(acme, inMinutes(10))).toBe(session);
  expect(cache.get(acme, inMinutes(10.1))).toBeUndefined();
  expect(cache.get(acme, now)).toBeUndefined();
});

test.each([
  ['customer', { ...acme, customer: 'other' }],
  ['role', { ...acme, deliveryRoleArn: `${deliveryRole}-2` }],
  ['bucket', { ...acme, inbox: { ...acme.inbox, bucket: 'another-inbox' } }],
  ['prefix', { ...acme, inbox: { ...acme.inbox, prefix: 'other/' } }],
  ['key', { ...acme, inbox: { ...acme.inbox, kmsKeyArn: customerKey.replace('0002', '0003') } }],
])('never serves another %s', (_, other) => {
  const cache = createSessionCache();
  cache.put(acme, sessionUntil(inMinutes(15)));
  expect(cache.get(other, now)).toBeUndefined();
  expect(cache.get(acme, now)).toBeDefined();
});

test('keeps the maximum number, and drops the least recently used one', () => {
  const cache = createSessionCache(2);
  const [one, two, three] = ['one', 'two', 'three'].map((customer) => ({ ...acme, customer })) as [
    typeof acme,
    typeof acme,
    typeof acme,
  ];
  cache.put(one, sessionUntil(inMinutes(15)));
  cache.put(two, sessionUntil(inMinutes(15)));
  cache.get(one, now);
  cache.put(three, sessionUntil(inMinutes(15)));
  expect([one, two, three].map((delivery) => cache.get(delivery, now) !== undefined)).toEqual([true, false, true]);
});

test('forgets a session on request', () => {
  const cache = createSessionCache();
  cache.put(acme, sessionUntil(inMinutes(15)));
  cache.drop(acme);
  expect(cache.get(acme, now)).toBeUndefined();
});
