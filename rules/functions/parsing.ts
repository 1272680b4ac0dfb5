import type { Implementations } from "../run/implementation";
import type { Value } from "../run/values";
import { parseQuery } from "./parsing/query-string";
import { parseUrl } from "./parsing/url";

/** The parts of URLs, as Python's `urllib.parse` sees them. The user agents stand in the part `ua`. */
export const PARSING: Implementations = {
  /**
   * `url_parse(value, scheme="", allow_fragments=True)`: a dict of `scheme`, `netloc`, `path`, `params`, `query` and
   * `fragment`, empty where the URL has none; `scheme` stands for one that is missing. Fails for broken brackets in the
   * host.
   */
  url_parse: { pure: parseUrl },

  /**
   * `url_parse_qs(url_qs, keep_blank_values=False, strict_parsing=False, encoding="utf-8", errors="replace",
   * ignore_multi_fields=True)`: a dict of the parameters of a query string, each with its first value, or with the list of
   * all for `ignore_multi_fields=False`. Parts without `=` are left out, or fail where parsing is strict.
   */
  url_parse_qs: { pure: (...values: Value[]) => parseQuery(...values) },
};
