/**
 * The cyclic redundancy checks that S3 knows, all of the reflected kind with all bits set before and after.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function crc32(data: Buffer): Buffer {
  return crc32Reflected(data, crc32Table);
}

export function crc32c(data: Buffer): Buffer {
  return crc32Reflected(data, crc32cTable);
}

/** 64 bits in two halves, as bigints would be a hundred times slower. */
export function crc64nvme(data: Buffer): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of data) {
    const entry = ((low ^ byte) & 0xff) * 2;
    low = ((low >>> 8) | (high << 24)) ^ (crc64Table[entry + 1] ?? 0);
    high = (high >>> 8) ^ (crc64Table[entry] ?? 0);
  }
  const result = Buffer.alloc(8);
  result.writeUInt32BE(~high >>> 0, 0);
  result.writeUInt32BE(~low >>> 0, 4);
  return result;
}

function crc32Reflected(data: Buffer, table: Uint32Array): Buffer {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
  const result = Buffer.alloc(4);
  result.writeUInt32BE(~crc >>> 0);
  return result;
}

function table32(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let entry = byte;
    for (let bit = 0; bit < 8; bit += 1) entry = entry & 1 ? (entry >>> 1) ^ polynomial : entry >>> 1;
    return entry;
  });
}

/** For each byte its high and its low half. */
function table64(polynomial: bigint): Uint32Array {
  const table = new Uint32Array(512);
  for (let byte = 0; byte < 256; byte += 1) {
    let entry = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) entry = entry & 1n ? (entry >> 1n) ^ polynomial : entry >> 1n;
    table[byte * 2] = Number(entry >> 32n);
    table[byte * 2 + 1] = Number(entry & 0xffffffffn);
  }
  return table;
}

const crc32Table = table32(0xedb88320);
const crc32cTable = table32(0x82f63b78);
const crc64Table = table64(0x9a6c9329ac4bc9b5n);
