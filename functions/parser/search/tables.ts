import type { Entry } from "./entries";
import type { Layout } from "./searcher";

const BUCKETS = 8;
/** Number of bytes of a literal that are used to search for it. */
const FINGERPRINT = 3;

/** For each of the bytes: a bit for each allowed value of its low half, and of its high half. */
type Halves = readonly [low: number, high: number][];

interface Bucket {
  readonly entries: { readonly entry: Entry; readonly offset: number }[];
  readonly halves: Halves;
}

/**
 * Builds the tables that the module uses to search for literals; undefined if there are too many for its memory.
 *
 * @param characters characters of ASCII, by code, whose escapes matter; index 128 stands for all others
 */
export function tablesOf(entries: readonly Entry[], characters: Uint8Array, layout: Layout): Uint8Array | undefined {
  const tables = new Uint8Array(layout.tableBytes);
  const view = new DataView(tables.buffer);
  const place = (address: number): number => address - layout.masks;
  let entryAt = place(layout.entries);
  let bytesAt = entryAt + entries.length * layout.entryBytes;
  const keep = (bytes: Uint8Array): number => {
    tables.set(bytes, bytesAt);
    bytesAt += bytes.length;
    return layout.masks + bytesAt - bytes.length;
  };
  const size = entries.reduce((sum, { bytes, value }) => sum + bytes.length + value.length, bytesAt);
  if (size > tables.length || entries.some(({ number }) => number >= layout.mostLiterals)) return undefined;

  bucketsOf(entries).forEach((bucket, index) => {
    view.setInt32(place(layout.buckets) + index * 8, layout.masks + entryAt, true);
    view.setInt32(place(layout.buckets) + index * 8 + 4, bucket.entries.length, true);
    for (const { entry, offset } of bucket.entries) {
      const words = [offset, entry.bytes.length, keep(entry.bytes), entry.what, keep(entry.value), entry.value.length];
      [...words, entry.number].forEach((word, at) => view.setInt32(entryAt + at * 4, word, true));
      entryAt += layout.entryBytes;
    }
    if (bucket.entries.length === 0) return;
    bucket.halves.forEach(([low, high], at) => {
      for (let half = 0; half < 16; half++) {
        if (low & (1 << half)) tables[at * 32 + half] |= 1 << index;
        if (high & (1 << half)) tables[at * 32 + 16 + half] |= 1 << index;
      }
    });
  });
  tables.set(characters, place(layout.characters));
  return tables;
}

/** Distributes the entries so that bytes are compared in vain as rarely as possible. */
function bucketsOf(entries: readonly Entry[]): readonly Bucket[] {
  const buckets: Bucket[] = Array.from({ length: BUCKETS }, () => ({
    entries: [],
    halves: Array.from({ length: FINGERPRINT }, (): [number, number] => [0, 0]),
  }));
  const rarestFirst = [...entries]
    .map((entry) => ({ entry, ...fingerprintOf(entry) }))
    .sort((a, b) => b.commonness - a.commonness);
  for (const { entry, offset, halves } of rarestFirst) {
    const costs = buckets.map((bucket) => costOf(union(bucket.halves, halves)) - costOf(bucket.halves));
    const bucket = buckets[costs.indexOf(Math.min(...costs))];
    bucket.entries.push({ entry, offset });
    bucket.halves.forEach((own, at) => {
      own[0] |= halves[at][0];
      own[1] |= halves[at][1];
    });
  }
  return buckets;
}

/** The rarest consecutive bytes of a literal. */
function fingerprintOf(entry: Entry): {
  readonly offset: number;
  readonly halves: Halves;
  readonly commonness: number;
} {
  const last = Math.max(0, entry.bytes.length - FINGERPRINT);
  let best: ReturnType<typeof fingerprintOf> | undefined;
  for (let offset = 0; offset <= last; offset++) {
    const halves = Array.from({ length: FINGERPRINT }, (_, at) => halvesOf(entry, offset + at));
    const commonness = costOf(halves);
    if (!best || commonness < best.commonness) best = { offset, halves, commonness };
  }
  return best!;
}

/** The halves that a byte of a literal allows; any if the literal is shorter. */
function halvesOf({ bytes, ignoresCase }: Entry, at: number): [number, number] {
  if (at >= bytes.length) return [0xffff, 0xffff];
  const byte = bytes[at];
  const isLetter = ignoresCase && byte >= 0x61 && byte <= 0x7a;
  return [1 << (byte & 15), (1 << (byte >> 4)) | (isLetter ? 1 << ((byte - 0x20) >> 4) : 0)];
}

function union(a: Halves, b: Halves): Halves {
  return a.map(([low, high], at) => [low | b[at][0], high | b[at][1]]);
}

/** Estimated frequency of such consecutive bytes in logs. */
function costOf(halves: Halves): number {
  return halves.reduce((cost, [low, high]) => cost * shareOf(low, high), 1);
}

const shares = new Map<number, number>();

function shareOf(low: number, high: number): number {
  const key = low * 0x10000 + high;
  let share = shares.get(key);
  if (share === undefined) {
    share = 0;
    for (let byte = 0x20; byte < 0x100; byte++) {
      if (low & (1 << (byte & 15)) && high & (1 << (byte >> 4))) share += SHARES[byte];
    }
    if (shares.size >= MOST_SHARES) shares.clear();
    shares.set(key, share);
  }
  return share;
}

/** Maximum number of cached shares, one for each kind of byte. */
const MOST_SHARES = 4096;

/** Estimated frequency of each byte in logs, per thousand bytes. */
const SHARES = Array.from({ length: 0x100 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (character === '"') return 90;
  if (/[0-9]/.test(character)) return 25;
  if (/[eatrsoni:,.\-_/ ]/.test(character)) return 28;
  if (/[dlcupmhg]/.test(character)) return 16;
  if (/[a-z]/.test(character)) return 6;
  return byte < 0x80 ? 4 : 1;
});
