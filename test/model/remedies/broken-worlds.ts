import type { Scenario } from '../../../model/world/scenario.ts';
import type { ScenarioFile } from '../../../model/world/scenario-schema.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { scenarioOf } from '../../../sandbox/scenario-files.ts';

/**
 * Worlds whose faults can all be fixed with statements: each document that a remedy may change, alone and with others.
 */
export const fixable = {
  'no bucket policy at all': { customer: { inbox: { bucketPolicy: null } } },
  'a bucket policy that forgets the delivery role': {
    customer: { inbox: { bucketPolicy: { without: ['DeliverReports'] } } },
  },
  'a key policy that forgets the delivery role': {
    customer: { key: { keyPolicy: { without: ['EncryptDeliveredReports', 'EncryptAndReadWaitingReports'] } } },
  },
  'a delivery role that may do nothing': {
    service: {
      deliveryRole: {
        policies: {
          without: [
            'StoreAndReadInternalObjects',
            'DeleteTestObjects',
            'DeliverEncrypted',
            'GiveTheOwnerFullControl',
            'EncryptThroughS3',
            'DecryptInternalObjectsThroughS3',
          ],
        },
      },
    },
  },
  'a delivery role that trusts nobody': {
    service: { deliveryRole: { trustPolicy: { Version: '2012-10-17', Statement: [] } } },
  },
  'faults on both sides of both edges of the inbox': {
    service: { deliveryRole: { policies: { without: ['DeliverEncrypted', 'EncryptThroughS3'] } } },
    customer: {
      inbox: { bucketPolicy: { without: ['DeliverReports'] } },
      key: { keyPolicy: { without: ['EncryptDeliveredReports'] } },
    },
  },
  'an ACL that the bucket policy knows nothing of': {
    customer: { inbox: { bucketPolicy: { without: ['DeliverReports'] } } },
    event: { inbox: { acl: 'bucket-owner-full-control' } },
  },
  'one organization, and a waiting report under a key of the service that it may not use': {
    service: {
      organizationId: 'o-shared',
      deliveryRole: { policies: { without: ['EncryptThroughS3', 'DecryptInternalObjectsThroughS3'] } },
    },
    customer: { organizationId: 'o-shared' },
    event: { internal: { kmsKeyArn: `$\{serviceKeyArn}` } },
  },
  'objects that the role may not clean up': {
    service: { deliveryRole: { policies: { without: ['DeleteTestObjects'] } } },
  },
} satisfies Readonly<Record<string, Partial<ScenarioFile>>>;

export async function worldWith(broken: Partial<ScenarioFile>): Promise<Scenario> {
  const name = 'broken';
  return scenarioOf({ name, why: 'a test', expect: { verdict: 'denied' }, ...broken }, await assembly());
}
