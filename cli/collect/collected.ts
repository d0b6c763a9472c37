import type { TestEvent } from '../../core/event.ts';
import type { BucketFacts } from './gather-bucket.ts';
import type { KeyFacts } from './gather-key.ts';
import type { OrganizationFacts } from './gather-organization.ts';
import type { RoleFacts } from './gather-role.ts';
import type { FunctionFacts, VpcEndpointFacts } from './gather-vpc-endpoint.ts';
import type { ReadResult } from './reading.ts';

/** Everything that was read of two accounts, in AWS's own names. */
export interface Collected {
  readonly event: TestEvent;
  readonly service: ServiceFacts;
  readonly customer: CustomerFacts;
}

export interface ServiceFacts {
  readonly accountId: string;
  /** Of the function and the internal bucket. */
  readonly region: string;
  readonly organization: OrganizationFacts;
  readonly function: ReadResult<FunctionFacts | undefined>;
  /** That its requests to S3 go through; read as undefined where they go through none. */
  readonly vpcEndpoint: ReadResult<VpcEndpointFacts | undefined>;
  readonly deliveryRole: RoleFacts;
  /** Absent where it is not known which role the check runs as. */
  readonly checkRole?: RoleFacts;
  readonly internalBucket: BucketFacts;
  /** The service's own key; absent where it has none, or none is known. */
  readonly key?: KeyFacts;
}

export interface CustomerFacts {
  readonly accountId: string;
  readonly organization: OrganizationFacts;
  readonly inbox: BucketFacts;
  /** The key that the event names. */
  readonly key: KeyFacts;
}
