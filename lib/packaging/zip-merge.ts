/**
 * A zip's directory, and a zip made from two: the entries of both keep their packed bytes, times and modes, so that a
 * file can be added to an existing zip.
 */

/** Positions of a zip's parts. */
interface Directory {
  /** Start of the directory; the entries precede it. */
  readonly start: number;
  readonly end: number;
  readonly entries: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;

/** Names of the files in a zip; undefined if it cannot be read, such as a zip in the 64-bit format. */
export function zipNames(bytes: Uint8Array): string[] | undefined {
  const directory = directoryOf(bytes);
  if (directory === undefined) return undefined;
  const buffer = asBuffer(bytes);
  return entriesOf(bytes, directory).map((entry) =>
    buffer.toString("utf8", entry + 46, entry + 46 + buffer.readUInt16LE(entry + 28)),
  );
}

/** Returns one zip with the entries of both. They must have no name in common. */
export function mergeZips(one: Uint8Array, other: Uint8Array): Uint8Array {
  const [first, second] = [directoryOf(one), directoryOf(other)];
  if (first === undefined || second === undefined) throw new Error("both must be zips that can be read, got another");
  const moved = Buffer.from(other.subarray(second.start, second.end));
  for (const entry of entriesOf(other, second)) {
    const at = entry - second.start + 42;
    moved.writeUInt32LE(moved.readUInt32LE(at) + first.start, at);
  }
  const directories = [one.subarray(first.start, first.end), moved];
  const entries = first.entries + second.entries;
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(directories[0].length + directories[1].length, 12);
  end.writeUInt32LE(first.start + second.start, 16);
  return Buffer.concat([one.subarray(0, first.start), other.subarray(0, second.start), ...directories, end]);
}

function directoryOf(bytes: Uint8Array): Directory | undefined {
  const buffer = asBuffer(bytes);
  const at = buffer.lastIndexOf("PK\x05\x06", undefined, "latin1");
  if (at < 0 || at + END_BYTES > bytes.length) return undefined;
  const [entries, size, start] = [
    buffer.readUInt16LE(at + 10),
    buffer.readUInt32LE(at + 12),
    buffer.readUInt32LE(at + 16),
  ];
  // All ones mean that the number is stored elsewhere, in the 64-bit format; a gap means that something precedes the
  // zip.
  const isWhole = entries !== 0xffff && start + size === at;
  return isWhole ? { start, end: at, entries } : undefined;
}

/** Positions of the directory's entries. */
function entriesOf(bytes: Uint8Array, { end, start }: Directory): number[] {
  const buffer = asBuffer(bytes);
  const found: number[] = [];
  for (let at = start; at + 46 <= end && buffer.readUInt32LE(at) === ENTRY;) {
    found.push(at);
    at += 46 + buffer.readUInt16LE(at + 28) + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  }
  return found;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
