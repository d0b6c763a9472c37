import { Aws } from 'aws-cdk-lib';

/**
 * Every physical name of Account A, in one place.
 *
 * Customers write two of them into their own policies: the delivery role's ARN and the internal bucket's name. Changing
 * either breaks every inbox until its owner has updated the stack.
 */
export const names = {
  deliveryRole: 'secure-inbox-delivery',
  /** Bucket names are unique in the world, so it carries the account and the Region. */
  internalBucket: `secure-inbox-internal-${Aws.ACCOUNT_ID}-${Aws.REGION}`,
  serviceKeyAlias: 'alias/secure-inbox-internal',
  /** The function and the role that it runs as. */
  check: 'customer_configuration_check',
} as const;
