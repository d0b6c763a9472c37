import { readXml } from '../../../cli/collect/signed-requests.ts';
import type { World } from '../../../model/world/world.ts';
import { defaultScenario } from '../../../sandbox/scenario-files.ts';
import { servedAccounts } from './served-accounts.ts';

/** The function is in a VPC. EC2's answers about the path to S3 have the format in EC2's API reference. */

const accounts = servedAccounts();
const unmocked = globalThis.fetch;
let world: World;

beforeEach(async () => {
  const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } as const;
  const policy = { Version: '2012-10-17', Statement: [everything] };
  const vpcEndpoint = { id: 'vpce-1', vpcId: 'vpc-1', policy };
  const { world: passing } = await defaultScenario(accounts.accountA);
  world = { ...passing, network: { secureTransport: true, vpcEndpoint } };
});
afterEach(() => {
  globalThis.fetch = unmocked;
});

const onlyOurs =
  '{"Version":"2012-10-17","Statement":[{"Sid":"Ours","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}';

interface Endpoint {
  readonly id: string;
  readonly type?: 'Gateway' | 'Interface';
  readonly service?: string;
  readonly state?: string;
  readonly routeTable?: string;
  readonly policy?: string;
}

function endpoints(...all: readonly Endpoint[]): string {
  const items = all.map(
    ({ id, type = 'Gateway', service = 's3', state = 'available', routeTable, policy = onlyOurs }) =>
      `<item><vpcEndpointId>${id}</vpcEndpointId><vpcEndpointType>${type}</vpcEndpointType><vpcId>vpc-1</vpcId>` +
      `<serviceName>com.amazonaws.us-east-1.${service}</serviceName><state>${state}</state>` +
      `<policyDocument>${policy.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</policyDocument>` +
      `<routeTableIdSet>${routeTable ? `<item>${routeTable}</item>` : ''}</routeTableIdSet><subnetIdSet/></item>`,
  );
  return `<DescribeVpcEndpointsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><vpcEndpointSet>${items.join('')}</vpcEndpointSet></DescribeVpcEndpointsResponse>`;
}

/** The function is in subnet-0a1b2c3d. */
const tables = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeRouteTablesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><routeTableSet>
  <item><routeTableId>rtb-main</routeTableId><associationSet><item><main>true</main></item></associationSet></item>
  <item><routeTableId>rtb-own</routeTableId><associationSet><item><subnetId>subnet-0a1b2c3d</subnetId><main>false</main></item></associationSet></item>
</routeTableSet></DescribeRouteTablesResponse>`;

function ec2Answers(found: string, routes: string = tables, status = 200): void {
  globalThis.fetch = async (input, init) => {
    const body = String(init?.body ?? '');
    if (body.includes('Action=DescribeVpcEndpoints')) return new Response(found, { status });
    if (body.includes('Action=DescribeRouteTables')) return new Response(routes, { status });
    return unmocked(input, init);
  };
}

async function collectedNetwork() {
  const { scenario, unknown } = await accounts.collect(world);
  const { vpcEndpoint, vpcEndpointPolicy } = scenario.service ?? {};
  return { vpcEndpoint, vpcEndpointPolicy, unknown };
}

test("a gateway endpoint in the subnet's route table: its ID and policy are in the scenario", async () => {
  ec2Answers(endpoints({ id: 'vpce-other', routeTable: 'rtb-main' }, { id: 'vpce-own', routeTable: 'rtb-own' }));
  expect(await collectedNetwork()).toMatchObject({
    vpcEndpoint: { id: 'vpce-own', vpcId: 'vpc-1' },
    vpcEndpointPolicy: { Statement: [{ Sid: 'Ours' }] },
    unknown: [],
  });
});

test('a subnet without its own route table uses the main one', async () => {
  ec2Answers(endpoints({ id: 'vpce-main', routeTable: 'rtb-main' }), tables.replace('subnet-0a1b2c3d', 'subnet-9'));
  expect(await collectedNetwork()).toMatchObject({ vpcEndpoint: { id: 'vpce-main' }, unknown: [] });
});

test.each([
  ['none', []],
  ['one of another service', [{ id: 'vpce-own', service: 'dynamodb', routeTable: 'rtb-own' }]],
  ['one that is being deleted', [{ id: 'vpce-own', state: 'deleting', routeTable: 'rtb-own' }]],
  ['one that no route of the subnet leads to', [{ id: 'vpce-main', routeTable: 'rtb-main' }]],
])('%s: requests go through no endpoint', async (_, found) => {
  ec2Answers(endpoints(...found));
  expect(await collectedNetwork()).toEqual({ vpcEndpoint: undefined, vpcEndpointPolicy: undefined, unknown: [] });
});

const refused =
  '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized.</Message></Error></Errors></Response>';

test.each([
  ['an interface endpoint', endpoints({ id: 'vpce-i', type: 'Interface' }), 200, /interface endpoint vpce-i/],
  ['a policy that is not JSON', endpoints({ id: 'v', routeTable: 'rtb-own', policy: '{"Stat' }), 200, /not JSON/],
  ['a refusal', refused, 403, /UnauthorizedOperation/],
  ['a page of a proxy', '<html><body>Sign in', 200, /no XML/],
])('%s: the policy is unknown, with the reason', async (_, found, status, reason) => {
  ec2Answers(found, tables, status);
  const { unknown } = await collectedNetwork();
  expect(unknown).toEqual([
    { part: 'service.vpcEndpointPolicy', needs: 'ec2:DescribeVpcEndpoints', reason: expect.stringMatching(reason) },
  ]);
});

test.each(['', '<a>', '<a></b>', '</a>', '<a><b></a></b>', 'words'])('%p is not an XML document', (text) => {
  expect(readXml(text)).toBeUndefined();
});
