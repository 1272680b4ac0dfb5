import { Reader, type Response } from "mmdb-lib";
import { compressedText } from "../../rules/functions/ip/address";
import type { Value } from "../../rules/run/values";
import type { GeoDatabase, Location } from "./location";

/** Marker before the description at the file's end. */
const MARKER = Buffer.from("\xab\xcd\xefMaxMind.com", "latin1");
const DESCRIPTION_BYTES = 128 * 1024;

/** Paths of `geo_parse`'s fields in MaxMind's databases; the first existing one is used. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  city: ["city.names.zh-CN", "city.names.en"],
  province: ["subdivisions.0.names.zh-CN", "subdivisions.0.names.en"],
  country: ["country.names.zh-CN", "country.names.en"],
  city_en: ["city.names.en"],
  province_en: ["subdivisions.0.names.en"],
  country_en: ["country.iso_code"],
  isp: ["traits.isp", "isp", "autonomous_system_organization"],
  lat: ["location.latitude"],
  lon: ["location.longitude"],
};

export function isMaxMind(bytes: Buffer): boolean {
  return bytes.lastIndexOf(MARKER) >= Math.max(0, bytes.length - DESCRIPTION_BYTES);
}

/**
 * Reads MaxMind's mmdb files. Names are Chinese if the file contains them, or English if the field's name ends in `_en`.
 * Any other value is available by its path, such as `traits.is_anonymous_proxy`.
 */
export function openMaxMind(bytes: Buffer): GeoDatabase {
  const reader = new Reader<Response>(bytes);
  return {
    find: (address) => {
      // A file with IPv4 only cannot contain an IPv6 address.
      if (address.version === 6 && reader.metadata.ipVersion === 4) return undefined;
      const record: unknown = reader.get(compressedText(address.value));
      return record === null || record === undefined ? undefined : locationOf(record);
    },
  };
}

function locationOf(record: unknown): Location {
  return (name) => {
    for (const path of Object.hasOwn(PATHS, name) ? PATHS[name] : [name]) {
      const value = valueAt(record, path);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

function valueAt(record: unknown, path: string): Value | undefined {
  let value = record;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return value;
  if (typeof value === "number")
    return Number.isInteger(value) && !path.startsWith("location.l") ? BigInt(value) : value;
  return undefined;
}
