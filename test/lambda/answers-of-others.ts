import { type FakeAnswer, s3Error } from './fake-aws.ts';

/** Something between a function and AWS, or AWS on a bad day. */
export interface Disturbance {
  readonly name: string;
  /** @param genuine what AWS would have answered */
  readonly answer: (genuine: Extract<FakeAnswer, object>) => FakeAnswer;
}

const portal =
  '<!DOCTYPE html><html><head><title>Sign in</title></head><body><form action="/login"></form></body></html>';
const html = { 'content-type': 'text/html; charset=utf-8', server: 'proxy/1.0' };
const notOfAws = { isNotOfAws: true } as const;

export const disturbances: readonly Disturbance[] = [
  { name: '200 and nothing', answer: () => ({ status: 200, ...notOfAws }) },
  { name: '200 and a sign-in page', answer: () => ({ status: 200, headers: html, body: portal, ...notOfAws }) },
  { name: '200 and a page, with request ids', answer: () => ({ status: 200, headers: html, body: portal }) },
  {
    name: '200 and garbage',
    answer: () => ({ status: 200, headers: { 'content-type': 'application/xml' }, body: '\u0001\u0002<<>&' }),
  },
  {
    name: '200 and JSON',
    answer: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}', ...notOfAws }),
  },
  {
    name: '200 and less than it announces',
    answer: (genuine) => ({
      ...genuine,
      status: 200,
      headers: { ...genuine.headers, 'content-length': '4096' },
      isCutOff: true,
    }),
  },
  { name: 'what AWS would say, without request ids', answer: (genuine) => ({ ...genuine, status: 200, ...notOfAws }) },
  {
    name: '200 with request ids and no result',
    answer: () => ({ status: 200, headers: { 'content-type': 'application/xml' }, body: '<Result/>' }),
  },
  {
    name: 'what AWS would say, as text',
    answer: ({ headers, ...genuine }) => ({
      ...genuine,
      headers: { ...headers, 'content-type': 'text/plain' },
      body: genuine.body || 'ok',
      status: 200,
    }),
  },
  {
    name: '302 to a sign-in page',
    answer: () => ({ status: 302, headers: { ...html, location: 'http://127.0.0.1:9/login' }, ...notOfAws }),
  },
  { name: '401 and a page', answer: () => ({ status: 401, headers: html, body: portal, ...notOfAws }) },
  { name: '403 and a page', answer: () => ({ status: 403, headers: html, body: portal, ...notOfAws }) },
  {
    name: '403 AccessDenied of somebody else',
    answer: () => ({ ...(s3Error(403, 'AccessDenied', 'Access Denied') as object), status: 403, ...notOfAws }),
  },
  { name: '404 and a page', answer: () => ({ status: 404, headers: html, body: portal, ...notOfAws }) },
  { name: '407', answer: () => ({ status: 407, headers: { 'proxy-authenticate': 'Basic' }, ...notOfAws }) },
  { name: '502 and a page', answer: () => ({ status: 502, headers: html, body: portal, ...notOfAws }) },
  { name: 'throttling', answer: () => s3Error(503, 'SlowDown') },
  { name: 'half an error', answer: () => ({ status: 403, body: '<Error><Code>AccessDen' }) },
  { name: 'a reset connection', answer: () => 'reset' },
  { name: 'silence', answer: () => 'hang' },
];
