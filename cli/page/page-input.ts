import type { SourceDocument } from '../../model/text/document.ts';
import type { PageSettings } from '../../page/contract.ts';

/** What the service says of itself and of a customer. */
export interface PageInput {
  readonly event?: SourceDocument;
  readonly known?: NonNullable<PageSettings['known']>;
  readonly service?: PageSettings['service'];
  readonly everything: boolean;
  readonly begins?: Pick<PageSettings, 'documents' | 'told' | 'deployment' | 'follows'>;
}

/** What the service says of itself, as the page takes it. */
export function serviceOf({
  deliveryRoleArn,
  internalBucket,
  serviceKeyArn,
}: {
  readonly deliveryRoleArn?: string | undefined;
  readonly internalBucket?: string | undefined;
  readonly serviceKeyArn?: string | undefined;
}): NonNullable<PageInput['service']> {
  const accountId = deliveryRoleArn?.split(':')[4];
  return {
    ...(deliveryRoleArn !== undefined && { deliveryRoleArn }),
    ...(accountId && { accountId }),
    ...(internalBucket !== undefined && { internalBucket }),
    ...(serviceKeyArn !== undefined && { internalKeyArn: serviceKeyArn }),
  };
}
