import { TextBuilder } from "../run/length";

/**
 * Logstash's way of writing data as JSON: `{"a" => 1 b => ['x']}` as `{"a" : 1, "b" : ["x"]}`. Strings get double quotes,
 * bare words quotes, arrows become colons, comments go, and commas come between the entries of a hash. What is JSON
 * already stays as it is, so does the white space.
 */
export function logstashToJson(text: string): string {
  const result = new TextBuilder();
  let previous = "";
  // A comma comes right behind a value, before the white space that follows it.
  let spaces: string[] = [];
  for (const [token, space] of text.matchAll(TOKEN)) {
    if (space !== undefined) spaces.push(space);
    else if (!token.startsWith("#")) {
      if (isValueEnd(previous) && isValueStart(token)) result.add(",");
      spaces.forEach((one) => result.add(one));
      spaces = [];
      previous = token;
      result.add(jsonToken(token));
    }
  }
  spaces.forEach((one) => result.add(one));
  return result.text;
}

const TOKEN =
  /(\s+)|#[^\n]*|=>|"[^"\\]*(?:\\[^][^"\\]*)*"?|'[^'\\]*(?:\\[^][^'\\]*)*'?|[{}[\],:]|(?:(?!=>)[^\s{}[\],:"'#])+/g;
const PUNCTUATION = /^(?:[{}[\],:]|=>)$/;
/** What JSON takes without quotes. */
const BARE = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;

function isValueStart(token: string): boolean {
  return token === "{" || token === "[" || !PUNCTUATION.test(token);
}

function isValueEnd(token: string): boolean {
  return token === "}" || token === "]" || (token !== "" && !PUNCTUATION.test(token));
}

function jsonToken(token: string): string {
  if (token === "=>") return ":";
  if (PUNCTUATION.test(token) || token.startsWith('"') || BARE.test(token)) return token;
  if (!token.startsWith("'")) return JSON.stringify(token);
  const body = token.slice(1, token.endsWith("'") && token.length > 1 ? -1 : undefined);
  return `"${body.replaceAll("\\'", "'").replace(/\\[^]|"/g, (piece) => (piece === '"' ? '\\"' : piece))}"`;
}
