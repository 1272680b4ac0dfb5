import { fail, RuleFailure } from "../../rules/run/values";
import type { GeoDatabase } from "./location";
import { isIpdb, openIpdb } from "./ipdb";
import { isIp2Location, openIp2Location } from "./ip2location";
import { isMaxMind, openMaxMind } from "./maxmind";

/** Opens a database, detected from its start or end: ipdb, MaxMind's mmdb, IP2Location's BIN. Fails for others. */
export function openDatabase(bytes: Uint8Array): GeoDatabase {
  const database = whole(() => open(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  return { find: (address) => whole(() => database.find(address)) };
}

function open(content: Buffer): GeoDatabase {
  if (isMaxMind(content)) return openMaxMind(content);
  if (isIpdb(content)) return openIpdb(content);
  if (isIp2Location(content)) return openIp2Location(content);
  return fail(
    `geo_parse: ip_db must be a database of ipip (.ipdb), MaxMind (.mmdb) or IP2Location (.BIN), got ${content.length} bytes of something else`,
  );
}

/** Exceptions from a truncated or damaged file become a failure of the rule. */
function whole<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RuleFailure) throw error;
    return fail(`geo_parse: ip_db must be a whole database, got a damaged one: ${(error as Error).message}`);
  }
}
