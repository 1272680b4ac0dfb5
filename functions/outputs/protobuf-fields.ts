/** Wire type of length-delimited fields. */
export const LENGTH_DELIMITED = 2;

/** Bytes of a varint: seven bits each. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Bytes of a field with its tag and its length. */
export function messageSize(bytes: number): number {
  return 1 + varintSize(bytes) + bytes;
}

/** A length-delimited field, for data that is written once; `ByteWriter` is for data of each record. */
export function message(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([messageHead(field, bytes.length), bytes]);
}

/** The tag and the length of a field. */
export function messageHead(field: number, bytes: number): Buffer {
  const head = [(field << 3) | LENGTH_DELIMITED];
  let rest = bytes;
  // A double holds more than 32 bits.
  for (; rest >= 128; rest = Math.floor(rest / 128)) head.push((rest % 128) | 128);
  return Buffer.from([...head, rest]);
}
