import type { Address } from "../../rules/functions/ip/address";
import { fail, type Value } from "../../rules/run/values";
import type { GeoDatabase, Location } from "./location";

const HEADER_BYTES = 29;

const PLACE = ["province", "city"];
const POINT = ["latitude", "longitude"];
const LOCAL = [...PLACE, ...POINT, "zipcode", "timezone"];
const NETWORK = ["isp", "domain"];
const DIALING = ["idd_code", "area_code"];
const WEATHER = ["weather_code", "weather_name"];
const MOBILE = ["mcc", "mnc", "mobile_brand"];
const FULL = [...LOCAL, ...NETWORK, "netspeed", ...DIALING, ...WEATHER];

/** The columns after the country of the products DB1 to DB26. */
const COLUMNS: readonly (readonly string[])[] = [
  [],
  ["isp"],
  PLACE,
  [...PLACE, "isp"],
  [...PLACE, ...POINT],
  [...PLACE, ...POINT, "isp"],
  [...PLACE, ...NETWORK],
  [...PLACE, ...POINT, ...NETWORK],
  [...PLACE, ...POINT, "zipcode"],
  [...PLACE, ...POINT, "zipcode", ...NETWORK],
  LOCAL,
  [...LOCAL, ...NETWORK],
  [...PLACE, ...POINT, "timezone", "netspeed"],
  [...LOCAL, ...NETWORK, "netspeed"],
  [...LOCAL, ...DIALING],
  [...LOCAL, ...NETWORK, "netspeed", ...DIALING],
  [...PLACE, ...POINT, "timezone", "netspeed", ...WEATHER],
  FULL,
  [...PLACE, ...POINT, ...NETWORK, ...MOBILE],
  [...FULL, ...MOBILE],
  [...LOCAL, ...DIALING, "elevation"],
  [...FULL, ...MOBILE, "elevation"],
  [...PLACE, ...POINT, ...NETWORK, ...MOBILE, "usage_type"],
  [...FULL, ...MOBILE, "elevation", "usage_type"],
  [...FULL, ...MOBILE, "elevation", "usage_type", "address_type", "category"],
  [...FULL, ...MOBILE, "elevation", "usage_type", "address_type", "category", "district", "asn"],
];

/** `geo_parse`'s names for columns that IP2Location names differently. */
const NAMES: Readonly<Record<string, string>> = { region: "province", lat: "latitude", lon: "longitude" };

/** The rows for one version of IP, sorted by their first address. */
interface Rows {
  readonly count: number;
  readonly start: number;
  readonly addressBytes: number;
}

/** Whether a file looks like one from IP2Location: a known product, with rows within the file. */
export function isIp2Location(bytes: Buffer): boolean {
  if (bytes.length < HEADER_BYTES || !(bytes[0] >= 1 && bytes[0] <= COLUMNS.length) || bytes[1] < 2) return false;
  const start = bytes.readUInt32LE(9);
  return start > 0 && start + bytes.readUInt32LE(5) * bytes[1] * 4 <= bytes.length;
}

/** Reads IP2Location's BIN files of the products DB1 to DB26. */
export function openIp2Location(bytes: Buffer): GeoDatabase {
  const columns = COLUMNS[bytes[0] - 1];
  const rowBytes = bytes[1] * 4;
  const ipv4: Rows = { count: bytes.readUInt32LE(5), start: bytes.readUInt32LE(9) - 1, addressBytes: 4 };
  const ipv6: Rows = { count: bytes.readUInt32LE(13), start: bytes.readUInt32LE(17) - 1, addressBytes: 16 };
  if (bytes[1] < columns.length + 2) {
    return fail(`geo_parse: a BIN file of DB${bytes[0]} must have ${columns.length + 2} columns, got ${bytes[1]}`);
  }
  return {
    find: (address) => {
      const rows = address.version === 4 ? ipv4 : ipv6;
      const row = findRow(bytes, rows, rowBytes + rows.addressBytes - 4, address);
      return row === undefined ? undefined : locationOf(bytes, row + rows.addressBytes, columns);
    },
  };
}

/** Position of the last row that begins at or before the address. The file's last row only ends the one before it. */
function findRow(bytes: Buffer, rows: Rows, rowBytes: number, { value }: Address): number | undefined {
  const firstOf = (index: number) => readAddress(bytes, rows.start + index * rowBytes, rows.addressBytes);
  if (rows.count === 0) return undefined;
  let low = 0;
  let high = rows.count - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (firstOf(middle) <= value) low = middle;
    else high = middle - 1;
  }
  return firstOf(low) <= value ? rows.start + low * rowBytes : undefined;
}

function readAddress(bytes: Buffer, at: number, length: number): number | bigint {
  return length === 4 ? bytes.readUInt32LE(at) : (bytes.readBigUInt64LE(at + 8) << 64n) | bytes.readBigUInt64LE(at);
}

function locationOf(bytes: Buffer, row: number, columns: readonly string[]): Location {
  const pointer = bytes.readUInt32LE(row);
  return (name): Value | undefined => {
    if (name === "country_short" || name === "country_en") return readText(bytes, pointer);
    if (name === "country" || name === "country_long") return readText(bytes, pointer + 3);
    const column = columns.indexOf(Object.hasOwn(NAMES, name) ? NAMES[name] : name);
    if (column < 0) return undefined;
    const at = row + 4 * (column + 1);
    const isCoordinate = POINT.includes(columns[column]);
    return isCoordinate ? Number(bytes.readFloatLE(at).toFixed(6)) : readText(bytes, bytes.readUInt32LE(at));
  };
}

/** A length-prefixed text. */
function readText(bytes: Buffer, at: number): string {
  return bytes.toString("utf8", at + 1, at + 1 + bytes[at]);
}
