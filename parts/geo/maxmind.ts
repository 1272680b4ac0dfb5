import { Reader, type Response } from "mmdb-lib";
import { compressedText } from "../../rules/functions/ip/address";
import type { Value } from "../../rules/run/values";
import type { GeoDatabase, Location } from "./location";

/** What stands before the description at the file's end. */
const MARKER = Buffer.from("\xab\xcd\xefMaxMind.com", "latin1");
const DESCRIPTION_BYTES = 128 * 1024;

/** Where MaxMind's databases keep the fields of `geo_parse`; of several places the first one that is there. */
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
 * Reads MaxMind's mmdb files. Names are Chinese where the file has them, English with `_en` behind the field's name; any
 * other value is had by its path, such as `traits.is_anonymous_proxy`.
 */
export function openMaxMind(bytes: Buffer): GeoDatabase {
  const reader = new Reader<Response>(bytes);
  return {
    find: (address) => {
      // An address of IPv6 has no place in a file that holds IPv4 alone.
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
