import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { PolicyDocument } from '../../model/world/world.ts';
import { type AskedAccount, askAws } from './ask-aws.ts';
import { type ReadResult, read, storedPolicy, UnusableAnswer } from './read-results.ts';
import { itemsOf, type XmlElement, xmlTextAt } from './signed-requests.ts';

export interface FunctionFacts {
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Set if the function is in a VPC. Its requests to S3 may then go through a VPC endpoint, which has a policy. */
  readonly vpc?: VpcOfFunction | undefined;
}

interface VpcOfFunction {
  readonly id: string;
  readonly subnetIds: readonly string[];
}

/** @returns undefined if no such function is deployed */
export function gatherFunction(
  account: AskedAccount,
  name: string,
  region: string,
): Promise<ReadResult<FunctionFacts | undefined>> {
  return askAws<FunctionFacts | undefined>(
    account,
    'lambda:GetFunctionConfiguration',
    async (clients) => {
      const command = new GetFunctionConfigurationCommand({ FunctionName: name });
      const { Role = '', Environment, VpcConfig } = await clients.lambda(region).send(command);
      const vpc = VpcConfig?.VpcId && { id: VpcConfig.VpcId, subnetIds: VpcConfig.SubnetIds ?? [] };
      return { roleArn: Role, environment: Environment?.Variables ?? {}, ...(vpc && { vpc }) };
    },
    { ResourceNotFoundException: undefined },
  );
}

export interface VpcEndpointFacts {
  readonly id: string;
  readonly vpcId: string;
  readonly policy: PolicyDocument;
}

/** @returns undefined if its requests use no endpoint */
export async function gatherVpcEndpoint(
  account: AskedAccount,
  vpc: VpcOfFunction | undefined,
  region: string,
): Promise<ReadResult<VpcEndpointFacts | undefined>> {
  if (!vpc) return read(undefined);
  const endpoints = await askAws(account, 'ec2:DescribeVpcEndpoints', async (clients) => {
    const pages = await clients.pagesOfVpc(region, 'DescribeVpcEndpoints', vpc.id);
    return pages.flatMap((page) => itemsOf(page, 'vpcEndpointSet')).filter(isOfS3);
  });
  if (endpoints.kind === 'unread') return endpoints;
  if (endpoints.value.length === 0) return read(undefined);
  const tables = await askAws(account, 'ec2:DescribeRouteTables', async (clients) => {
    const pages = await clients.pagesOfVpc(region, 'DescribeRouteTables', vpc.id);
    return pages.flatMap((page) => itemsOf(page, 'routeTableSet'));
  });
  if (tables.kind === 'unread') return tables;
  return askAws(account, 'ec2:DescribeVpcEndpoints', async () => {
    const used = endpointOnTheWay(endpoints.value, tables.value, vpc);
    if (used === undefined) return undefined;
    return { id: idOf(used), vpcId: vpc.id, policy: storedPolicy(xmlTextAt(used, 'policyDocument')) };
  });
}

function isOfS3(endpoint: XmlElement): boolean {
  return (
    xmlTextAt(endpoint, 'serviceName')?.endsWith('.s3') === true &&
    /^available$/i.test(xmlTextAt(endpoint, 'state') ?? '')
  );
}

function idOf(endpoint: XmlElement): string {
  return xmlTextAt(endpoint, 'vpcEndpointId') ?? '';
}

/**
 * Subnets use a gateway endpoint if their route tables lead to it. Clients use an interface endpoint if they resolve
 * S3's names to it. https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
 *
 * @throws UnusableAnswer if the subnets differ, or if it depends on names
 */
function endpointOnTheWay(
  endpoints: readonly XmlElement[],
  tables: readonly XmlElement[],
  { subnetIds }: VpcOfFunction,
): XmlElement | undefined {
  const interfaces = endpoints.filter((one) => xmlTextAt(one, 'vpcEndpointType') !== 'Gateway');
  if (interfaces.length > 0) {
    throw new UnusableAnswer(
      `whether S3's name leads to the interface endpoint ${interfaces.map(idOf).join(', ')} is not told`,
    );
  }
  const ways = subnetIds.map((subnet) => {
    const table = xmlTextAt(tableOf(tables, subnet), 'routeTableId');
    return table ? endpoints.find((one) => itemsOf(one, 'routeTableIdSet').includes(table)) : undefined;
  });
  const [first, ...others] = ways;
  if (others.some((way) => way !== first)) {
    throw new UnusableAnswer("the function's subnets do not all reach S3 the same way");
  }
  return first;
}

/** The subnet's own route table, or the main one of the VPC. */
function tableOf(tables: readonly XmlElement[], subnet: string): XmlElement | undefined {
  const associated = (is: (association: XmlElement) => boolean) =>
    tables.find((table) => itemsOf(table, 'associationSet').some(is));
  return (
    associated((one) => xmlTextAt(one, 'subnetId') === subnet) ?? associated((one) => xmlTextAt(one, 'main') === 'true')
  );
}
