import { bucketIn } from '../../core/arn.ts';
import { conditionKeys } from '../policies/condition-keys.ts';
import type { Question } from '../policies/decision.ts';
import { keyContext } from '../policies/key-context.ts';
import type { Caller, PolicyDocument, World } from '../world/world.ts';

/** What a request is, apart from the world that it is sent in. */
export interface Request {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** The owner of a resource that is not in the world. */
  readonly resourceAccountId: string;
  /** Where it is sent to; of a question that S3 asks KMS, the Region of that S3. */
  readonly region: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bucket or object that S3, or whoever asks KMS, says that the key is for. */
  readonly encryptionContextArn: string;
  readonly viaS3: boolean;
  readonly plainHttp: boolean;
}

export const noContext = '';

/** Where the request reaches a resource that the world does not have, its owner lets in everybody. */
export function questionOf(world: World, request: Request): { readonly world: World; readonly question: Question } {
  const { caller, action, resource, region, headers, encryptionContextArn, viaS3, plainHttp } = request;
  const secure = plainHttp ? { ...world, network: { ...world.network, secureTransport: false } } : world;
  const common = { caller, action, resource };
  if (action.startsWith('s3:')) {
    const bucket = world.buckets.get(bucketIn(resource) ?? '');
    const policy = bucket ? bucket.policy : open;
    return {
      world: secure,
      question: {
        ...common,
        resourceAccountId: bucket?.accountId ?? request.resourceAccountId,
        ...(policy && { resourcePolicy: policy }),
        context: conditionKeys(secure, { headers, query: new URLSearchParams(), region }, action, {}),
      },
    };
  }
  if (action.startsWith('kms:')) {
    const key = world.keys.get(resource);
    const encryptionContext: Readonly<Record<string, string>> =
      encryptionContextArn === noContext ? {} : { 'aws:s3:arn': encryptionContextArn };
    return {
      world: secure,
      question: {
        ...common,
        resourceAccountId: key?.accountId ?? request.resourceAccountId,
        resourcePolicy: key?.policy ?? open,
        context: keyContext(key, { region, encryptionContext, isCryptographic: true }),
        ...(viaS3 && { forwardedBy: { service: 's3', region } }),
      },
    };
  }
  const role = world.roles.get(resource);
  return {
    world: secure,
    question: {
      ...common,
      resourceAccountId: role?.accountId ?? request.resourceAccountId,
      resourcePolicy: role?.trustPolicy ?? open,
      context: {
        'aws:RequestedRegion': region,
        ...(action === 'sts:AssumeRole' && { 'sts:RoleSessionName': 'somebody' }),
      },
    },
  };
}

const open: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: '*', Resource: '*' }],
};
