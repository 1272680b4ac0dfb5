import { group } from "../define";
import { parseQuery } from "./query-string";
import { parseUrl } from "./url";

/** URL parts, as in Python's `urllib.parse`. User agents are in the part `ua`. */
export const PARSING = group("Parsing", {
  url_parse: {
    parameters: 'value|url, scheme="", allow_fragments:bool?=True',
    doc:
      "a dict of `scheme`, `netloc`, `path`, `params`, `query` and `fragment`, empty if the URL has none; " +
      "`scheme` is used if the URL has none. Fails for invalid brackets in the host.",
    noneIsDefault: true,
    pure: parseUrl,
  },

  url_parse_qs: {
    parameters:
      'url_qs|qs|value, keep_blank_values:bool?=False, strict_parsing:bool?=False, encoding:readable?="utf-8", errors:error-mode="replace", ignore_multi_fields:bool?=True',
    doc:
      "a dict of the parameters of a query string, each with its first value, or with a list of all values for " +
      "`ignore_multi_fields=False`. Parts without `=` are left out, or fail if parsing is strict.",
    noneIsDefault: true,
    pure: parseQuery,
  },

  ua_parse_device: {
    parameters: "value|ua",
    doc: "the device of a user agent: `family`, `brand`, `model`.",
    part: "ua",
  },

  ua_parse_os: {
    parameters: "value|ua",
    doc: "the operating system of a user agent: `family`, `major`, `minor`, `patch`, `patch_minor`.",
    part: "ua",
  },

  ua_parse_agent: {
    parameters: "value|ua",
    doc: "the browser of a user agent: `family`, `major`, `minor`, `patch`.",
    part: "ua",
  },

  ua_parse_all: {
    parameters: "value|ua",
    doc: "all three parts of a user agent, as `user_agent`, `os` and `device`.",
    part: "ua",
  },
});
