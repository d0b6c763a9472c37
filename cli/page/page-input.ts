import { parseArn } from '../../core/arn.ts';
import { defined } from '../../core/values.ts';
import type { SourceDocument } from '../../model/text/document.ts';
import type { PageSettings } from '../../page/contract.ts';

export interface PageInput {
  readonly event?: SourceDocument;
  readonly known?: NonNullable<PageSettings['known']>;
  readonly service?: PageSettings['service'];
  readonly everything: boolean;
  readonly begins?: Pick<PageSettings, 'documents' | 'told' | 'deployment' | 'follows'>;
}

export function serviceOf(
  given: Readonly<Partial<Record<'deliveryRoleArn' | 'internalBucket' | 'serviceKeyArn', string | undefined>>>,
): NonNullable<PageInput['service']> {
  const { deliveryRoleArn, internalBucket, serviceKeyArn: internalKeyArn } = given;
  const accountId = parseArn(deliveryRoleArn ?? '')?.accountId;
  return defined({ deliveryRoleArn, accountId, internalBucket, internalKeyArn });
}
