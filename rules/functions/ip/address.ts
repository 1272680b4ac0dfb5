/** An address as a number: a `number` for IPv4, a `bigint` for IPv6. */
export type Address = { readonly version: 4; readonly value: number } | { readonly version: 6; readonly value: bigint };

export type Version = Address["version"];

const MAX_IPV4 = 0xffff_ffff;
const MAX_IPV6 = (1n << 128n) - 1n;

const DIGIT_0 = 48;
const DOT = 46;

/** `192.168.1.1` as a number: four decimal numbers below 256. -1 for anything else. */
export function parseDotted(text: string): number {
  let value = 0;
  let byte = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT && byte >= 0) {
      value = value * 256 + byte;
      byte = -1;
      dots++;
    } else {
      const digit = code - DIGIT_0;
      if (!(digit >= 0 && digit <= 9)) return -1;
      byte = (byte < 0 ? 0 : byte * 10) + digit;
      if (byte > 255) return -1;
    }
  }
  return dots === 3 && byte >= 0 ? value * 256 + byte : -1;
}

/**
 * An address in the notations of Python's IPy: dotted IPv4, also shortened (`10.1` is 10.1.0.0, `127` is 127.0.0.0),
 * IPv6 with `::` and a dotted end, and numbers, decimal or after `0x`. `undefined` for anything else.
 */
export function parseAddress(text: string): Address | undefined {
  const dotted = parseDotted(text);
  if (dotted >= 0) return { version: 4, value: dotted };
  if (text.length > 50) return undefined;
  if (text.includes(":")) return fromNumber(parseIpv6(text), 6);
  if (/^0x[0-9a-f]+$/i.test(text)) return fromNumber(BigInt(text));
  if (/^[0-9a-f]{32}$/i.test(text)) return fromNumber(BigInt(`0x${text}`), 6);
  if (/^\d+$/.test(text) && Number(text) > 255) return fromNumber(BigInt(text));
  return parseShortened(text);
}

/** A number as an address: IPv4 if it is small enough, unless the version is given. */
export function fromNumber(value: bigint | undefined, version?: Version): Address | undefined {
  if (value === undefined || value < 0n || value > MAX_IPV6) return undefined;
  return version !== 6 && value <= MAX_IPV4 ? { version: 4, value: Number(value) } : { version: 6, value };
}

function parseShortened(text: string): Address | undefined {
  const bytes = text.split(".");
  if (bytes.length > 4 || !bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) < 256)) return undefined;
  while (bytes.length < 4) bytes.push("0");
  return { version: 4, value: parseDotted(bytes.join(".")) };
}

function parseIpv6(text: string): bigint | undefined {
  const halves = hexEnding(text)?.split("::");
  if (halves === undefined || halves.length > 2) return undefined;
  const [head, tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 0 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return BigInt(`0x${groups.map((group) => group.padStart(4, "0")).join("")}`);
}

/** Converts a dotted end (`::ffff:1.2.3.4`) to two groups. */
function hexEnding(text: string): string | undefined {
  if (!text.includes(".")) return text;
  const end = text.lastIndexOf(":") + 1;
  const value = parseDotted(text.slice(end));
  if (value < 0) return undefined;
  return `${text.slice(0, end)}${Math.floor(value / 65_536).toString(16)}:${(value % 65_536).toString(16)}`;
}

/** `192.168.1.1`. */
export function dottedText(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(value: bigint): string[] {
  return value.toString(16).padStart(32, "0").match(/.{4}/g)!;
}

/** An address in full form: `2001:0db8:0000:0000:0000:0000:0000:0001`. */
export function fullText(value: number | bigint): string {
  return typeof value === "number" ? dottedText(value) : groupsOf(value).join(":");
}

/** An address without leading zeros: `2001:db8:0:0:0:0:0:1`. */
export function normalText(value: number | bigint): string {
  if (typeof value === "number") return dottedText(value);
  return groupsOf(value)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

/** The shortest form of an address: `2001:db8::1`, `::ffff:1.2.3.4`. */
export function compressedText(value: number | bigint): string {
  if (typeof value === "number") return dottedText(value);
  if (value >> 32n === 0xffffn) return `::ffff:${dottedText(Number(value & 0xffff_ffffn))}`;
  const text = normalText(value);
  const runs = text.match(/(?:^|(?<=:))0(?::0)+(?![0-9a-f])/g) ?? [];
  const [longest = ""] = [...runs].sort((one, other) => other.length - one.length);
  if (longest === "") return text;
  return text.replace(new RegExp(`(?:^|:)${longest}(?![0-9a-f])(?::|$)`), "::");
}
