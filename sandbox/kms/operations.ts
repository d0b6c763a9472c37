import type { ServiceOperation } from '../wire/operation.ts';
import { decrypt } from './decrypt.ts';
import { describeKey } from './describe-key.ts';
import { encrypt } from './encrypt.ts';
import { generateDataKey } from './generate-data-key.ts';
import { generateDataKeyWithoutPlaintext } from './generate-data-key-without-plaintext.ts';
import { getKeyPolicy } from './get-key-policy.ts';
import { listGrants } from './list-grants.ts';

/** By the operation's name in `X-Amz-Target: TrentService.…`. */
export const operations: Readonly<Record<string, ServiceOperation>> = {
  Decrypt: decrypt,
  DescribeKey: describeKey,
  Encrypt: encrypt,
  GenerateDataKey: generateDataKey,
  GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
  GetKeyPolicy: getKeyPolicy,
  ListGrants: listGrants,
};
