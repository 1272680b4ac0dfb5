import { checkLength, TextBuilder } from "../run/length";

/** GBK and GB 18030. The tables come from the decoder of the JavaScript engine, and are built at first use. */

type DoubleByteEncoding = "gbk" | "gb18030";

const FIRST_LEAD = 0x81;
const LAST_LEAD = 0xfe;
const FIRST_TRAIL = 0x40;
const LAST_TRAIL = 0xfe;
const TRAILS = LAST_TRAIL - FIRST_TRAIL + 1;

interface Tables {
  /** Characters by lead and trail byte; empty if there is none. */
  readonly characters: readonly string[];
  /** Lead and trail byte of each character. */
  readonly codes: ReadonlyMap<string, number>;
}

let made: Tables | undefined;

function tables(): Tables {
  return (made ??= makeTables());
}

function makeTables(): Tables {
  const pairs: number[][] = [];
  for (let lead = FIRST_LEAD; lead <= LAST_LEAD; lead++) {
    for (let trail = FIRST_TRAIL; trail <= LAST_TRAIL; trail++) pairs.push([lead, trail]);
  }
  const characters = decodeEach(pairs);
  const codes = new Map<string, number>();
  for (const [index, character] of characters.entries()) {
    const [lead, trail] = pairs[index];
    if (character !== "" && !codes.has(character)) codes.set(character, (lead << 8) | trail);
  }
  return { characters, codes };
}

/** The character of each sequence; empty if it is invalid. A line break ends whatever the decoder recognized. */
function decodeEach(sequences: readonly (readonly number[])[]): string[] {
  const bytes = Uint8Array.from(sequences.flatMap((sequence) => [...sequence, 0x0a]));
  const texts = new TextDecoder("gb18030").decode(bytes).split("\n");
  return sequences.map((_, index) => (/^[^\0-\x7f\ufffd]$/u.test(texts[index]) ? texts[index] : ""));
}

/** `bad` returns the replacement of a missing character; the replacement is then encoded, and must exist. */
export function encodeDoubleByte(
  text: string,
  encoding: DoubleByteEncoding,
  bad: (character: string) => string,
): Uint8Array {
  const { codes } = tables();
  const bytes = new ByteList();
  for (const character of text) {
    const code = character.charCodeAt(0) < 0x80 ? undefined : codes.get(character);
    if (character.charCodeAt(0) < 0x80) bytes.push(character.charCodeAt(0));
    else if (code !== undefined && (encoding === "gb18030" || !isPrivate(character)))
      bytes.push(code >> 8, code & 0xff);
    else if (encoding === "gb18030" && !/\p{Surrogate}/u.test(character)) bytes.push(...fourBytes(character));
    else bytes.push(...Buffer.from(bad(character), "latin1"));
  }
  return bytes.all;
}

/** Python's GBK does not include the user-defined area. */
function isPrivate(character: string): boolean {
  return /\p{Co}/u.test(character);
}

/** `bad` returns the replacement of invalid bytes. */
export function decodeDoubleByte(
  bytes: Uint8Array,
  encoding: DoubleByteEncoding,
  bad: (bytes: Uint8Array) => string,
): string {
  const { characters } = tables();
  const text = new TextBuilder();
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at];
    if (lead < 0x80) {
      text.add(String.fromCharCode(lead));
      at++;
      continue;
    }
    const trail = bytes[at + 1];
    const isPair = lead >= FIRST_LEAD && lead <= LAST_LEAD && trail >= FIRST_TRAIL && trail <= LAST_TRAIL;
    const character = isPair ? characters[(lead - FIRST_LEAD) * TRAILS + trail - FIRST_TRAIL] : "";
    const quad = encoding === "gb18030" && !isPair ? fourByteCharacter(bytes, at) : "";
    if (character !== "" && (encoding === "gb18030" || !isPrivate(character))) {
      text.add(character);
      at += 2;
    } else if (quad !== "") {
      text.add(quad);
      at += 4;
    } else {
      // At the end of the bytes, the rest is one truncated character.
      const length = lead >= FIRST_LEAD && lead <= LAST_LEAD && trail === undefined ? bytes.length - at : 1;
      text.add(bad(bytes.subarray(at, at + length)));
      at += length;
    }
  }
  return text.text;
}

/** Four-byte codes first number the characters of the first plane without a two-byte code, then all other planes. */
const FIRST_PLANE = 39_420;
const OTHER_PLANES = 189_000;

function fourBytes(character: string): readonly number[] {
  const point = character.codePointAt(0)!;
  if (point >= 0x10000) return bytesOf(OTHER_PLANES + point - 0x10000);
  pointers ??= new Map(decodeEach(Array.from({ length: FIRST_PLANE }, (_, index) => bytesOf(index))).map(pairUp));
  return bytesOf(pointers.get(character) ?? 0);
}

function pairUp(character: string, pointer: number): [string, number] {
  return [character, pointer];
}

let pointers: ReadonlyMap<string, number> | undefined;

function bytesOf(pointer: number): number[] {
  const digits = [pointer / 12_600, (pointer / 1260) % 10, (pointer / 10) % 126, pointer % 10].map(Math.trunc);
  return digits.map((digit, index) => digit + (index % 2 === 0 ? 0x81 : 0x30));
}

const fourByteDecoder = new TextDecoder("gb18030");

function fourByteCharacter(bytes: Uint8Array, at: number): string {
  const [first, second, third, fourth] = bytes.subarray(at, at + 4);
  const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
  const isLead = (byte: number) => byte >= FIRST_LEAD && byte <= LAST_LEAD;
  if (!isLead(first) || !isDigit(second) || !isLead(third) || !isDigit(fourth)) return "";
  const text = fourByteDecoder.decode(bytes.subarray(at, at + 4));
  return Array.from(text).length === 1 && text !== "\ufffd" ? text : "";
}

/** Bytes that are appended one by one; a list of numbers would take eight times the memory. */
class ByteList {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;

  push(...bytes: readonly number[]): void {
    checkLength(this.#length + bytes.length);
    if (this.#length + bytes.length > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes], 2 * this.#bytes.length + bytes.length);
    }
    for (const byte of bytes) this.#bytes[this.#length++] = byte;
  }

  get all(): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(0, this.#length));
  }
}
