import { cutAt, replaceUnits } from "../../run/length";
import { fail, isTrue, type Dict, type Value } from "../../run/values";
import { cut, textOf, textOption } from "../encoding/bytes";
import { errorMode } from "../../python/codecs";
import { unquoteUrl } from "../encoding/url";

/** `url_parse_qs`, its parameters in order. */
export function parseQuery(...values: readonly Value[]): Dict {
  const [query, keepBlank, strict, encoding, errors, ignoreMulti] = values;
  const caller = "url_parse_qs";
  const keepsBlank = isTrue(keepBlank);
  const handler = errorMode(textOption(caller, "errors", errors));
  const codec = textOption(caller, "encoding", encoding);
  const read = (text: string) => unquoteUrl(replaceUnits(text, "+", " "), codec, handler);

  const fields = new Map<string, string[]>();
  for (const pair of splitPairs(caller, textOf(caller, query), isTrue(strict))) {
    const at = pair.indexOf("=");
    const value = at < 0 ? "" : pair.slice(at + 1);
    if (value === "" && !keepsBlank) continue;
    const name = read(at < 0 ? pair : pair.slice(0, at));
    const known = fields.get(name);
    if (known) known.push(read(value));
    else fields.set(name, [read(value)]);
  }
  return isTrue(ignoreMulti) ? new Map(Array.from(fields, ([name, [first]]) => [name, first])) : fields;
}

function splitPairs(caller: string, query: string, isStrict: boolean): readonly string[] {
  if (query === "") return [];
  const pairs = cutAt(query, "&");
  const broken = isStrict ? pairs.find((pair) => !pair.includes("=")) : undefined;
  if (broken !== undefined)
    fail(`${caller} must get name=value where parsing is strict, got ${JSON.stringify(cut(broken))}`);
  return pairs.filter((pair) => pair !== "");
}
