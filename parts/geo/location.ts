import type { Address } from "../../rules/functions/ip/address";
import type { Value } from "../../rules/run/values";

/** What a database tells of an address, by name: `city`, `province`, `country`, `isp`, `lat` ..., and names of its own. */
export type Location = (field: string) => Value | undefined;

/** A database of places by address. */
export interface GeoDatabase {
  /** The place of an address; `undefined` where the database has none. */
  find(address: Address): Location | undefined;
}
