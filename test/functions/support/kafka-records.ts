import { WireReader } from "./kafka-wire";

export interface KafkaRecord {
  readonly key: string;
  readonly value: Buffer;
}

/** Decodes a record batch of format 2, as Kafka stores it, and verifies its length and checksum. */
export function readRecordBatch(bytes: Buffer): KafkaRecord[] {
  const batch = new WireReader(bytes);
  batch.int64();
  const length = batch.int32();
  if (length !== bytes.length - 12) throw new Error(`a batch must have ${length} bytes, got ${bytes.length - 12}`);
  batch.int32();
  const magic = batch.int8();
  if (magic !== 2) throw new Error(`a batch must have format 2, got ${magic}`);
  const checksum = batch.uint32();
  const covered = batch.rest();
  if (crc32c(covered) !== checksum) throw new Error("a batch must have the checksum of its bytes");
  return readRecords(new WireReader(covered));
}

function readRecords(batch: WireReader): KafkaRecord[] {
  const attributes = batch.int16();
  if (attributes !== 0) throw new Error(`a batch must not be packed, got attributes ${attributes}`);
  const lastOffset = batch.int32();
  batch.raw(8 + 8 + 8 + 2 + 4);
  const records = batch.array(() => readRecord(new WireReader(batch.raw(batch.varint()))));
  if (records.length !== lastOffset + 1) throw new Error(`a batch must hold ${lastOffset + 1}, got ${records.length}`);
  return records;
}

function readRecord(record: WireReader): KafkaRecord {
  record.int8();
  record.varint();
  record.varint();
  const key = record.raw(record.varint()).toString();
  return { key, value: record.raw(record.varint()) };
}

/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

function crc32c(bytes: Buffer): number {
  let checksum = ~0;
  for (const byte of bytes) checksum = (checksum >>> 8) ^ TABLE[(checksum ^ byte) & 255];
  return ~checksum >>> 0;
}
