import { crc32 as nodeCrc32 } from 'node:zlib';
import { crc32, crc32c, crc64nvme } from '../../../sandbox/s3/checksums.ts';

/** The check values from https://reveng.sourceforge.io/crc-catalogue/all.htm: each CRC of the digits 1 to 9. */
test.each([
  ['CRC-32/ISO-HDLC', crc32, 'cbf43926'],
  ['CRC-32/ISCSI', crc32c, 'e3069283'],
  ['CRC-64/NVME', crc64nvme, 'ae8b14860a799888'],
])('%s', (_, crc, expected) => {
  expect(crc(Buffer.from('123456789')).toString('hex')).toBe(expected);
});

test("CRC-32 matches zlib's for every byte", () => {
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  expect(crc32(everyByte).readUInt32BE()).toBe(nodeCrc32(everyByte));
});
