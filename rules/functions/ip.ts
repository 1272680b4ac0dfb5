import type { Implementations } from "../run/implementation";
import { toText } from "../run/text";
import type { Value } from "../run/values";
import { dottedText, normalText, parseDotted } from "./ip/address";
import { addressType } from "./ip/address-types";
import {
  contains,
  formatNetwork,
  networkText,
  overlap,
  parseNetwork,
  toNetwork,
  type Network,
  type Notation,
} from "./ip/network";

type Optional = Value | undefined;

const NOTATIONS: Readonly<Record<string, Notation>> = { 1: "prefix", 2: "netmask", 3: "range" };

/**
 * IP addresses and networks, of IPv4 and IPv6, in the notations of Python's IPy. Nothing fails: what is no address gives
 * `default`.
 */
export const IP: Implementations = {
  /** `ip_cidrmatch(cidr, ip, default="")`: whether an address, or a whole network, lies in a network. */
  ip_cidrmatch: {
    thunk: (call) => {
      const [cidr, ip, fallback] = ["cidr", "ip", "default"].map((parameter) => call.argument(parameter));
      const network = call.derive(cidr!, toNetwork);
      return (event, run) => {
        const outer = network(event, run);
        const inner = outer && toNetwork(ip!.evaluate(event, run));
        return inner ? contains(outer, inner) : (fallback?.evaluate(event, run) ?? "");
      };
    },
  },

  /** `ip_version(ip, default="")`: `IPv4` or `IPv6`. */
  ip_version: {
    pure: (ip: Value, fallback: Optional = "") => {
      const network = toNetwork(ip);
      return network ? `IPv${network.version}` : fallback;
    },
  },

  /** `ip_type(ip, default="")`: `private`, `reserved`, `loopback`, `public`; for IPv6 also whose: `allocated ripe ncc`. */
  ip_type: {
    pure: (ip: Value, fallback: Optional = "") => {
      const network = toNetwork(ip);
      return network ? addressType(network) : fallback;
    },
  },

  /** `ip_makenet(ip, subnet_mask=None, default="")`: the network of an address and a mask, of `a-b` or of `a/mask`: `a/n`. */
  ip_makenet: {
    pure: (ip: Value, mask: Optional, fallback: Optional = "") => {
      const hasMask = mask !== undefined && mask !== null && mask !== "";
      const given = toNetwork(ip);
      const network = hasMask && given ? withMask(given, textOf(mask)) : given;
      return network ? networkText(network) : fallback;
    },
  },

  /**
   * `ip_to_format(cidr, want_prefix_len=0, default="")`: a network as it is given (0), as `a/n` (1), as `a/mask` (2), as
   * `a-b` (3).
   */
  ip_to_format: {
    pure: (cidr: Value, want: Optional = 0n, fallback: Optional = "") => {
      const network = toNetwork(cidr);
      if (!network) return fallback;
      const format = textOf(want);
      if (format === "0") return textOf(cidr);
      return Object.hasOwn(NOTATIONS, format) ? formatNetwork(network, NOTATIONS[format]) : fallback;
    },
  },

  /**
   * `ip_overlaps(cidr1, cidr2, default="")`: 0 where two networks share no address, 1 where the second begins within the
   * first, -1 where the first begins within the second.
   */
  ip_overlaps: {
    pure: (cidr1: Value, cidr2: Value, fallback: Optional = "") => {
      const one = toNetwork(cidr1);
      const other = toNetwork(cidr2);
      return one && other ? overlap(one, other) : fallback;
    },
  },

  /** `ip2long(ip, default=0)`: the number of an IPv4 address; a `default` that is no number counts as 0. */
  ip2long: {
    pure: (ip: Value, fallback: Optional = 0n) => {
      const value = typeof ip === "string" ? parseDotted(ip.trim()) : -1;
      if (value >= 0) return BigInt(value);
      return typeof fallback === "string" && !/^[+-]?\d+$/.test(fallback) ? 0n : fallback;
    },
  },

  /** `long2ip(n, default="")`: the IPv4 address of a number. */
  long2ip: {
    pure: (value: Value, fallback: Optional = "") => {
      const number = typeof value === "string" && /^\s*\d{1,10}\s*$/.test(value) ? Number(value) : value;
      const isAddress = (typeof number === "number" || typeof number === "bigint") && number >= 0 && number < 2 ** 32;
      return isAddress && Number.isInteger(Number(number)) ? dottedText(Number(number)) : fallback;
    },
  },
};

/** A single address with a mask. */
function withMask({ first, last }: Network, mask: string): Network | undefined {
  return first === last ? parseNetwork(`${normalText(first)}/${mask}`) : undefined;
}

function textOf(value: Value): string {
  return value === null ? "" : toText(value).trim();
}
