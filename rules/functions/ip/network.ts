import type { Value } from "../../run/values";
import { type Address, compressedText, fromNumber, fullText, normalText, parseAddress, type Version } from "./address";

/** The addresses from one to another, which share the first `prefix` bits. */
export interface Network {
  readonly version: Version;
  readonly prefix: number;
  readonly first: number | bigint;
  readonly last: number | bigint;
}

/**
 * A network in the notations of Python's IPy: `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0.0.0-10.255.255.255`,
 * `2001:db8::/32`, or a single address. Unlike in IPy, the address before the `/` can be any address of the network.
 * `undefined` for anything else.
 */
export function toNetwork(value: Value | undefined): Network | undefined {
  if (typeof value === "string") return parseNetwork(value.trim());
  const address = typeof value === "bigint" ? fromNumber(value) : undefined;
  return address && networkOf(address, bitsOf(address.version));
}

/** As `toNetwork`, for a string. */
export function parseNetwork(text: string): Network | undefined {
  const [start, end, ...others] = text.split("-", 3);
  if (others.length > 0) return undefined;
  if (end !== undefined) return parseRange(start, end);
  const slash = text.indexOf("/");
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return undefined;
  const prefix = slash < 0 ? bitsOf(address.version) : parsePrefix(text.slice(slash + 1), address.version);
  return prefix === undefined ? undefined : networkOf(address, prefix);
}

/** Two IPv4 addresses that are the first and the last of a network. */
function parseRange(start: string, end: string): Network | undefined {
  const first = parseAddress(start);
  const last = parseAddress(end);
  if (first?.version !== 4 || last?.version !== 4 || last.value < first.value) return undefined;
  const prefix = Math.clz32(last.value - first.value);
  const network = networkOf(first, prefix);
  return network.first === first.value && network.last === last.value ? network : undefined;
}

/** Prefix length: `24`, `255.255.255.0`. */
function parsePrefix(text: string, version: Version): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= bitsOf(version) ? Number(text) : undefined;
  const mask = text.includes(".") ? parseAddress(text) : undefined;
  if (mask?.version !== 4 || version !== 4) return undefined;
  const prefix = Math.clz32(~mask.value);
  return maskOf(prefix) === mask.value ? prefix : undefined;
}

function networkOf(address: Address, prefix: number): Network {
  if (address.version === 4) {
    const size = 2 ** (32 - prefix);
    const first = address.value - (address.value % size);
    return { version: 4, prefix, first, last: first + size - 1 };
  }
  const rest = (1n << BigInt(128 - prefix)) - 1n;
  const first = address.value - (address.value & rest);
  return { version: 6, prefix, first, last: first + rest };
}

function bitsOf(version: Version): number {
  return version === 4 ? 32 : 128;
}

/** The IPv4 mask with that many ones. */
function maskOf(prefix: number): number {
  return 2 ** 32 - 2 ** (32 - prefix);
}

/** Whether a network contains all of another. */
export function contains(network: Network, other: Network): boolean {
  return network.version === other.version && network.first <= other.first && other.last <= network.last;
}

/** 1 if the second network begins within the first, -1 if the first begins within the second, otherwise 0. */
export function overlap(one: Network, other: Network): bigint {
  if (one.version !== other.version) return 0n;
  if (one.first <= other.first && other.first <= one.last) return 1n;
  return other.first <= one.first && one.first <= other.last ? -1n : 0n;
}

/** `10.0.0.0/8`; a single address without a prefix; IPv6 in its shortest form. */
export function networkText(network: Network): string {
  return compressedText(network.first) + suffix(network, "prefix");
}

export type Notation = "prefix" | "netmask" | "range";

/** A network with its size in one of the notations; IPv6 without leading zeros. */
export function formatNetwork(network: Network, notation: Notation): string {
  return normalText(network.first) + suffix(network, notation);
}

function suffix(network: Network, notation: Notation): string {
  const { version, prefix, last } = network;
  if (prefix === bitsOf(version)) return "";
  if (notation === "range") return `-${fullText(last)}`;
  if (notation === "prefix") return `/${prefix}`;
  return `/${fullText(version === 4 ? maskOf(prefix) : ((1n << BigInt(prefix)) - 1n) << BigInt(128 - prefix))}`;
}
