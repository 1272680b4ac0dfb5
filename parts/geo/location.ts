import type { Address } from "../../rules/functions/ip/address";
import type { Value } from "../../rules/run/values";

/** A database's values for an address, by name: `city`, `province`, `country`, `isp`, `lat` ..., and its own names. */
export type Location = (field: string) => Value | undefined;

/** A database of locations by address. */
export interface GeoDatabase {
  /** The location of an address; `undefined` if the database has none. */
  find(address: Address): Location | undefined;
}
