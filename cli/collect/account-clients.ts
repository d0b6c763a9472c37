import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { defined } from '../../core/values.ts';
import type { PublicAccessBlock } from '../../model/world/world.ts';
import type { Access } from './aws-access.ts';
import { accountPublicAccessBlock, pagesOfVpc, type XmlElement } from './signed-requests.ts';

/** The clients for one account, each created on first use. */
export class AccountClients {
  readonly #access: Access;
  readonly #made = new Map<string, { destroy(): void }>();

  constructor(access: Access) {
    this.#access = access;
  }

  s3(region: string): S3Client {
    const forcePathStyle = this.#access.pathStyle === true;
    return this.#once(`s3 ${region}`, () => new S3Client({ ...this.#settings(region), forcePathStyle }));
  }

  kms(region: string): KMSClient {
    return this.#once(`kms ${region}`, () => new KMSClient(this.#settings(region)));
  }

  cloudformation(region: string): CloudFormationClient {
    return this.#once(`cloudformation ${region}`, () => new CloudFormationClient(this.#settings(region)));
  }

  lambda(region: string): LambdaClient {
    return this.#once(`lambda ${region}`, () => new LambdaClient(this.#settings(region)));
  }

  /** @param region any, because the service is global */
  iam(region: string): IAMClient {
    return this.#once('iam', () => new IAMClient(this.#settings(region)));
  }

  /** @param region any, because the service is global */
  organizations(region: string): OrganizationsClient {
    return this.#once('organizations', () => new OrganizationsClient(this.#settings(region)));
  }

  /** @param region absent for the one of the profile or the environment */
  sts(region?: string): STSClient {
    return this.#once(`sts ${region ?? ''}`, () => new STSClient(this.#settings(region)));
  }

  /** The only call to S3 Control, so it doesn't use that service's client. */
  accountPublicAccessBlock(region: string, accountId: string): Promise<PublicAccessBlock> {
    return accountPublicAccessBlock(this.#signing(region, this.#access.s3ControlEndpoint), accountId);
  }

  pagesOfVpc(region: string, ...question: [Parameters<typeof pagesOfVpc>[1], string]): Promise<readonly XmlElement[]> {
    return pagesOfVpc(this.#signing(region, this.#access.ec2Endpoint), ...question);
  }

  destroy(): void {
    for (const client of this.#made.values()) client.destroy();
  }

  #signing(region: string, endpoint = this.#access.endpoint) {
    return { region, endpoint, credentials: async () => this.s3(region).config.credentials() };
  }

  #settings(region?: string) {
    const { profile, credentials, endpoint } = this.#access;
    return defined({ region, profile, credentials, endpoint });
  }

  #once<T extends { destroy(): void }>(name: string, make: () => T): T {
    const client = (this.#made.get(name) as T | undefined) ?? make();
    this.#made.set(name, client);
    return client;
  }
}
