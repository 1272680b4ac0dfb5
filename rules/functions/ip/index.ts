import { group } from "../define";
import { toText } from "../../run/text";
import type { Value } from "../../run/values";
import { dottedText, normalText, parseDotted } from "./address";
import { addressType } from "./address-types";
import {
  contains,
  formatNetwork,
  networkText,
  overlap,
  parseNetwork,
  toNetwork,
  type Network,
  type Notation,
} from "./network";

const NOTATIONS: Readonly<Record<string, Notation>> = { 1: "prefix", 2: "netmask", 3: "range" };

/**
 * IP addresses and networks, IPv4 and IPv6, in the notations of Python's IPy. Nothing fails: for an invalid address the
 * result is `default`.
 */
export const IP = group("IP", {
  ip_cidrmatch: {
    parameters: 'cidr|cidr_subnet, ip, default=""',
    doc: "whether an address, or a whole network, is in a network.",
    thunk: (call) => {
      const [cidr, ip, fallback] = ["cidr", "ip", "default"].map((parameter) => call.argument(parameter));
      const network = call.derive(cidr, toNetwork);
      return (event, run) => {
        const outer = network(event, run);
        const inner = outer && toNetwork(ip.evaluate(event, run));
        return inner ? contains(outer, inner) : fallback.evaluate(event, run);
      };
    },
  },

  ip_version: {
    parameters: 'ip, default=""',
    doc: "the version of an address, `IPv4` or `IPv6`.",
    pure: (ip: Value, fallback: Value) => {
      const network = toNetwork(ip);
      return network ? `IPv${network.version}` : fallback;
    },
  },

  ip_type: {
    parameters: 'ip, default=""',
    doc:
      "the type of an address: `private`, `reserved`, `loopback` or `public`; for IPv6 also its registry, such " +
      "as `allocated ripe ncc`.",
    pure: (ip: Value, fallback: Value) => {
      const network = toNetwork(ip);
      return network ? addressType(network) : fallback;
    },
  },

  ip_makenet: {
    parameters: 'ip, subnet_mask=None, default=""',
    doc: "the network `a/n` of an address and a mask, of `a-b`, or of `a/mask`.",
    pure: (ip: Value, mask: Value, fallback: Value) => {
      const hasMask = mask !== null && mask !== "";
      const given = toNetwork(ip);
      const network = hasMask && given ? withMask(given, textOf(mask)) : given;
      return network ? networkText(network) : fallback;
    },
  },

  ip_to_format: {
    parameters: 'cidr|cidr_subnet, want_prefix_len=0, default=""',
    doc: "writes a network as given (0), as `a/n` (1), as `a/mask` (2), or as `a-b` (3).",
    pure: (cidr: Value, want: Value, fallback: Value) => {
      const network = toNetwork(cidr);
      if (!network) return fallback;
      const format = textOf(want);
      if (format === "0") return textOf(cidr);
      return Object.hasOwn(NOTATIONS, format) ? formatNetwork(network, NOTATIONS[format]) : fallback;
    },
  },

  ip_overlaps: {
    parameters: 'cidr1|cidr_subnet, cidr2|cidr_subnet2, default=""',
    doc:
      "0 if two networks share no address, 1 if the second begins within the first, -1 if the first begins " +
      "within the second.",
    pure: (cidr1: Value, cidr2: Value, fallback: Value) => {
      const one = toNetwork(cidr1);
      const other = toNetwork(cidr2);
      return one && other ? overlap(one, other) : fallback;
    },
  },

  ip2long: {
    parameters: "ip|value, default=0",
    doc: "converts an IPv4 address to a number; a `default` that is not a number counts as 0.",
    pure: (ip: Value, fallback: Value) => {
      const value = typeof ip === "string" ? parseDotted(ip.trim()) : -1;
      if (value >= 0) return BigInt(value);
      return typeof fallback === "string" && !/^[+-]?\d+$/.test(fallback) ? 0n : fallback;
    },
  },

  long2ip: {
    parameters: 'n|value, default=""',
    doc: "converts a number to an IPv4 address.",
    pure: (value: Value, fallback: Value) => {
      const number = typeof value === "string" && /^\s*\d{1,10}\s*$/.test(value) ? Number(value) : value;
      const isAddress = (typeof number === "number" || typeof number === "bigint") && number >= 0 && number < 2 ** 32;
      return isAddress && Number.isInteger(Number(number)) ? dottedText(Number(number)) : fallback;
    },
  },

  geo_parse: {
    parameters: 'ip, ip_db="SLS-GeoIP", keep_fields=None, provider="ipip", ip_sep=None',
    doc:
      "a dict of `city`, `province` and `country`, or of `keep_fields`: names, or pairs of a name and its new " +
      "name. None if the text is not an address or the database does not contain it. With `ip_sep`, a dict of " +
      'such dicts by address. `ip_db` is the content of a file, from `res_oss_file(..., format="binary")`, or ' +
      "its path, relative to the function's folder; without it, the environment variable `GEOIP_DATABASE` is " +
      "the path. The format is detected from the file: ipip's ipdb, MaxMind's mmdb, IP2Location's BIN; " +
      "`provider` is not needed. Fails if there is no such database.",
    noneIsDefault: true,
    part: "geo",
  },
});

/** A single address with a mask. */
function withMask({ first, last }: Network, mask: string): Network | undefined {
  return first === last ? parseNetwork(`${normalText(first)}/${mask}`) : undefined;
}

function textOf(value: Value): string {
  return value === null ? "" : toText(value).trim();
}
