import { cloudformationOperations as cloudformation } from '../cloudformation/operations.ts';
import { cloudtrailOperations as cloudtrail } from '../cloudtrail/operations.ts';
import { iamOperations as iam } from '../iam/operations.ts';
import { kmsOperations as kms } from '../kms/operations.ts';
import { lambdaOperations as lambda, lambdaOperationName } from '../lambda/operations.ts';
import { organizationsOperations as organizations } from '../organizations/operations.ts';
import { s3Operations as s3 } from '../s3/operations.ts';
import { s3OperationName } from '../s3/routes.ts';
import { stsOperations as sts } from '../sts/operations.ts';
import type { Incoming } from '../wire/incoming.ts';
import type { Service, ServiceOperation } from '../wire/operation.ts';
import type { Protocol } from '../wire/protocol.ts';

interface ServiceEntry {
  /** The operation that a request names, whether or not the sandbox supports it. */
  readonly operationName: (incoming: Incoming) => string;
  readonly operations: Readonly<Record<string, ServiceOperation>>;
}

export const services: Readonly<Record<Service, ServiceEntry>> = {
  s3: { operationName: s3OperationName, operations: s3 },
  kms: { operationName: fromTarget, operations: kms },
  cloudtrail: { operationName: fromTarget, operations: cloudtrail },
  sts: { operationName: fromAction, operations: sts },
  iam: { operationName: fromAction, operations: iam },
  organizations: { operationName: fromTarget, operations: organizations },
  lambda: { operationName: lambdaOperationName, operations: lambda },
  cloudformation: { operationName: fromAction, operations: cloudformation },
};

export function isService(name: string): name is Service {
  return Object.hasOwn(services, name);
}

/** The service of a request that has no credential scope. */
export function serviceOfUnsigned(incoming: Incoming): Service {
  const target = incoming.headers['x-amz-target'];
  if (target !== undefined) {
    if (target.startsWith('TrentService.')) return 'kms';
    return target.startsWith('AWSOrganizations') ? 'organizations' : 'cloudtrail';
  }
  const action = fromAction(incoming);
  if (action === '') return 's3';
  if (Object.hasOwn(cloudformation, action)) return 'cloudformation';
  return Object.hasOwn(iam, action) ? 'iam' : 'sts';
}

/** Most services that the sandbox lacks use JSON; those that take forms use XML. */
export function protocolOfStranger(incoming: Incoming): Protocol {
  return fromAction(incoming) === '' ? 'json' : 'query';
}

/** `X-Amz-Target: TrentService.GenerateDataKey` */
function fromTarget({ headers }: Incoming): string {
  return headers['x-amz-target']?.split('.').at(-1) ?? '';
}

/** `Action=AssumeRole`, in a form or in the query string. */
function fromAction({ headers, query, body }: Incoming): string {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return (isForm && new URLSearchParams(body.toString()).get('Action')) || query.get('Action') || '';
}
