import type { Address } from "../../rules/functions/ip/address";
import { fail } from "../../rules/run/values";
import type { GeoDatabase, Location } from "./location";

/** The description in an ipdb file. */
interface Description {
  readonly node_count: number;
  readonly total_size: number;
  readonly fields: readonly string[];
  /** Index of a language's first field in an entry. */
  readonly languages: Readonly<Record<string, number>>;
}

/** `geo_parse`'s names, with those of ipip. */
const NAMES: Readonly<Record<string, string>> = {
  city: "city_name",
  province: "region_name",
  country: "country_name",
  isp: "isp_domain",
  lat: "latitude",
  lon: "longitude",
};

const NODE_BYTES = 8;
/** IPv4 addresses are the IPv6 addresses with this prefix: 80 zeros and 16 ones. */
const IPV4_PREFIX = 0xffffn << 32n;

/** Whether a file is one from ipip.net: the length of its description, then JSON. */
export function isIpdb(bytes: Buffer): boolean {
  if (bytes.length < 5 || bytes[4] !== 0x7b) return false;
  const length = bytes.readUInt32BE(0);
  return length > 0 && 4 + length < bytes.length && bytes[3 + length] === 0x7d;
}

/**
 * Reads ipip's format: a tree with a node for each bit of an address, whose leaves are entries with tab-separated fields.
 * Names are Chinese if the file contains them, or English if the field's name ends in `_en`.
 */
export function openIpdb(bytes: Buffer): GeoDatabase {
  const length = bytes.readUInt32BE(0);
  const description = JSON.parse(bytes.toString("utf8", 4, 4 + length)) as Description;
  const data = bytes.subarray(4 + length);
  if (data.length !== description.total_size) {
    return fail(`geo_parse: the ipdb file must have ${description.total_size} bytes of data, got ${data.length}`);
  }
  return {
    find: (address) => {
      const entry = findEntry(data, description.node_count, address);
      return entry === undefined ? undefined : locationOf(entry.split("\t"), description);
    },
  };
}

function findEntry(data: Buffer, nodeCount: number, address: Address): string | undefined {
  const bits = address.version === 6 ? address.value : IPV4_PREFIX | BigInt(address.value);
  let node = 0;
  for (let bit = 127n; bit >= 0n && node < nodeCount; bit--) {
    node = data.readUInt32BE(node * NODE_BYTES + Number((bits >> bit) & 1n) * 4);
  }
  if (node <= nodeCount) return undefined;
  const start = node - nodeCount + nodeCount * NODE_BYTES;
  return data.toString("utf8", start + 2, start + 2 + data.readUInt16BE(start));
}

function locationOf(entry: readonly string[], { fields, languages }: Description): Location {
  const [firstLanguage] = Object.values(languages);
  const read = (name: string, offset: number | undefined) => {
    const index = fields.indexOf(Object.hasOwn(NAMES, name) ? NAMES[name] : name);
    return index < 0 || offset === undefined ? undefined : entry[offset + index];
  };
  return (name) => {
    const text = name.endsWith("_en")
      ? read(name.slice(0, -3), languages.EN)
      : read(name, languages.CN ?? firstLanguage);
    const isCoordinate = name === "lat" || name === "lon";
    return isCoordinate && text !== undefined && text !== "" ? Number(text) : text;
  };
}
