import { ByteWriter, headsOf, type ShortPair, templateOf } from "../../../functions/outputs/byte-writer";
import { message } from "../../../functions/outputs/protobuf-fields";
import { Random } from "../parser/scan/random";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const RUNS = 2_000;

/** Bytes of any kind; of one in three runs many are such that eight of them are no number. */
function bytesOf(random: Random, most: number): Buffer {
  const isNaNs = random.below(3) === 0;
  const byte = () => (isNaNs ? 0xf0 + random.below(16) : random.below(256));
  return Buffer.from(Array.from({ length: random.below(most) }, byte));
}

/** As a text, which compares faster. */
function latin1Of(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString("latin1");
}

/** Pieces of one piece of memory, one behind the other with something between, and where they stand. */
function placed(pieces: readonly Buffer[]): { from: Buffer; places: Int32Array } {
  const between = Buffer.from('","');
  const from = Buffer.concat(pieces.flatMap((piece) => [between, piece]));
  const places = new Int32Array(2 * pieces.length);
  let at = 0;
  for (const [index, { length }] of pieces.entries()) {
    places[2 * index] = at + between.length;
    places[2 * index + 1] = at += between.length + length;
  }
  return { from, places };
}

describe(`bytes that are copied eight at a time (${RUNS} runs, LOGS_SEED=${SEED})`, () => {
  const random = new Random(SEED);
  const writer = new ByteWriter();

  it("are those that were meant, also where eight of them are no number", () => {
    for (let run = 0; run < RUNS; run++) {
      const [head, text] = [bytesOf(random, 60), bytesOf(random, 400)];
      writer.begin();
      writer.reserve(head.length + text.length + 2);
      writer.byte(1);
      writer.template(templateOf(head));
      writer.copy(text, 0, text.length);
      writer.byte(2);
      const { buffer, start, end } = writer.take();
      expect(buffer.toString("latin1", start, end)).toBe(latin1Of([Buffer.of(1), head, text, Buffer.of(2)]));
    }
  });

  it("stand behind their heads and in front of their tails", () => {
    const tail = templateOf(Buffer.from('"}},'));
    for (let run = 0; run < RUNS; run++) {
      const texts = Array.from({ length: 1 + random.below(6) }, () =>
        bytesOf(random, random.below(8) === 0 ? 400 : 30),
      );
      const heads = texts.map(() => bytesOf(random, 40));
      const { from, places } = placed(texts);
      const first = random.below(texts.length);
      writer.begin();
      writer.reserve(from.length + 50 * texts.length);
      writer.texts(heads.map(templateOf), first, texts.length, tail, from, places);
      const { buffer, start, end } = writer.take();
      const expected = texts.flatMap((text, at) => (at < first ? [] : [heads[at], text, Buffer.from('"}},')]));
      expect(buffer.toString("latin1", start, end)).toBe(latin1Of(expected));
    }
  });

  it("are pairs of protobuf up to the first that is too long", () => {
    const form: ShortPair = { tag: (2 << 3) | 2, bytes: 2, word: (2 << 3) | 2, perByte: 1 << 8 };
    for (let run = 0; run < RUNS; run++) {
      const texts = Array.from({ length: 1 + random.below(6) }, () =>
        bytesOf(random, random.below(4) === 0 ? 400 : 60),
      );
      const keys = texts.map(() => message(1, bytesOf(random, 30)));
      // The last text ends where its memory does: it is left to a copy that reads no byte behind it.
      const { from, places } = placed(texts);
      writer.begin();
      writer.reserve(from.length + 50 * texts.length);
      const { templates } = headsOf(keys.map(templateOf));
      const stopped = writer.shortPairs(form, templates, 0, texts.length, from, places);
      const pairs = texts.map((text, at) => message(2, Buffer.concat([keys[at], message(2, text)])));
      const isShort = (at: number) => pairs[at].length < 130 && places[2 * at + 1] <= from.length - 8;
      const isLong = pairs.findIndex((_, at) => !isShort(at));
      expect(stopped).toBe(isLong);
      const { buffer, start, end } = writer.take();
      expect(buffer.toString("latin1", start, end)).toBe(latin1Of(pairs.slice(0, stopped)));
    }
  });

  it("are pairs up to 127 bytes long, and no longer", () => {
    const form: ShortPair = { tag: (2 << 3) | 2, bytes: 2, word: (2 << 3) | 2, perByte: 1 << 8 };
    const key = message(1, Buffer.from("key"));
    for (const length of [0, 1, 119, 120, 121, 127, 128, 256, 257]) {
      const text = Buffer.alloc(length, "x");
      const pair = message(2, Buffer.concat([key, message(2, text)]));
      const { from, places } = placed([text, Buffer.alloc(8)]);
      const isShort = length <= 120;
      writer.begin();
      writer.reserve(pair.length);
      expect(writer.shortPairHead(form, templateOf(key), length)).toBe(isShort);
      expect(writer.position).toBe(isShort ? pair.length - length : 0);
      writer.begin();
      writer.reserve(pair.length);
      expect(writer.shortPairs(form, [templateOf(key)], 0, 1, from, places)).toBe(isShort ? 1 : 0);
      const { buffer, start, end } = writer.take();
      expect(buffer.toString("latin1", start, end)).toBe(isShort ? pair.toString("latin1") : "");
    }
  });

  it("are whole where a piece of memory ends behind a length", () => {
    const ended = new ByteWriter();
    const empty = () => {
      ended.beginMessage();
      const { buffer, start, end } = ended.takeMessage(3);
      return { slab: buffer, bytes: buffer.toString("latin1", start, end) };
    };
    const slabs = new Set<Buffer>();
    while (slabs.size < 3) {
      const { slab, bytes } = empty();
      if (bytes !== "\x1a\0") throw new Error(`a message must be empty, got ${JSON.stringify(bytes)}`);
      slabs.add(slab);
    }
    expect([...slabs].map(({ length }) => length)).toEqual([64 * 1024, 64 * 1024, 64 * 1024]);
  });

  it("are the digits of a number", () => {
    for (const value of [0, 7, 999_999, 100_000, ...Array.from({ length: 500 }, () => random.below(1_000_000))]) {
      writer.begin();
      writer.reserve(6);
      writer.digits(value, 6);
      const { buffer, start, end } = writer.take();
      expect(buffer.toString("latin1", start, end)).toBe(String(value).padStart(6, "0"));
    }
  });
});
