import { RowFailure } from "./values";

/** The usual grok patterns. */
const PATTERNS: Readonly<Record<string, string>> = {
  WORD: String.raw`\b\w+\b`,
  NOTSPACE: String.raw`\S+`,
  SPACE: String.raw`\s*`,
  DATA: ".*?",
  GREEDYDATA: ".*",
  INT: String.raw`[+-]?\d+`,
  BASE10NUM: String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)`,
  NUMBER: "%{BASE10NUM}",
  POSINT: String.raw`\b[1-9]\d*\b`,
  NONNEGINT: String.raw`\b\d+\b`,
  QUOTEDSTRING: String.raw`(?:"(?:\\.|[^\\"])*"|'(?:\\.|[^\\'])*')`,
  QS: "%{QUOTEDSTRING}",
  UUID: "[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}",
  IPV4: String.raw`(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)`,
  IPV6: "(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}",
  IP: "(?:%{IPV6}|%{IPV4})",
  HOSTNAME: String.raw`\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*\.?`,
  IPORHOST: "(?:%{IP}|%{HOSTNAME})",
  HOSTPORT: "%{IPORHOST}:%{POSINT}",
  USERNAME: "[a-zA-Z0-9._-]+",
  USER: "%{USERNAME}",
  PATH: String.raw`(?:/[^\s?*]*)+`,
  URIPATH: String.raw`(?:/[^\s?#]*)+`,
  URIPARAM: String.raw`\?\S*`,
  URIPATHPARAM: "%{URIPATH}(?:%{URIPARAM})?",
  URI: String.raw`[A-Za-z][A-Za-z+.-]*://\S+`,
  MONTH: String.raw`\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b`,
  MONTHNUM: "(?:0?[1-9]|1[0-2])",
  MONTHDAY: String.raw`(?:0[1-9]|[12]\d|3[01]|[1-9])`,
  DAY: "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:day|sday|nesday|rsday|urday)?",
  YEAR: String.raw`(?:\d\d){1,2}`,
  HOUR: String.raw`(?:2[0-3]|[01]?\d)`,
  MINUTE: String.raw`[0-5]\d`,
  SECOND: String.raw`(?:[0-5]?\d|60)(?:[:.,]\d+)?`,
  TIME: "%{HOUR}:%{MINUTE}(?::%{SECOND})?",
  ISO8601_TIMEZONE: String.raw`(?:Z|[+-]%{HOUR}:?%{MINUTE})`,
  TIMESTAMP_ISO8601: "%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?",
  HTTPDATE: String.raw`%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT}`,
  LOGLEVEL:
    "(?:[Tt]race|TRACE|[Dd]ebug|DEBUG|[Nn]otice|NOTICE|[Ii]nfo|INFO|[Ww]arn(?:ing)?|WARN(?:ING)?|[Ee]rr(?:or)?|ERR(?:OR)?|[Cc]rit(?:ical)?|CRIT(?:ICAL)?|[Ff]atal|FATAL|[Ss]evere|SEVERE)",
};

const MAX_DEPTH = 20;

/** The named parts of a text, without surrounding quotes; `undefined` if it does not match. */
export function grokFields(text: string, grok: string, extend: string): Record<string, string> | undefined {
  const own = Object.fromEntries(
    extend
      .split(/,(?=\w+=)/)
      .filter((one) => one !== "")
      .map((one) => [one.slice(0, one.indexOf("=")).trim(), one.slice(one.indexOf("=") + 1)]),
  );
  const names: string[] = [];
  const found = new RegExp(expand(grok, { ...PATTERNS, ...own }, names)).exec(text);
  if (!found) return undefined;
  return Object.fromEntries(names.map((name, at) => [name, unquoted(found.groups?.[`f${at}`] ?? "")]));
}

function expand(grok: string, patterns: Readonly<Record<string, string>>, names: string[], depth = 0): string {
  if (depth > MAX_DEPTH) throw new RowFailure("grok patterns must not hold themselves");
  return grok.replace(/%\{(\w+)(?::([\w.-]+))?(?::\w+)?\}/g, (_, pattern: string, name: string | undefined) => {
    if (!Object.hasOwn(patterns, pattern)) throw new RowFailure(`grok patterns must be known, got ${pattern}`);
    const group = name === undefined ? "?:" : `?<f${names.push(name) - 1}>`;
    return `(${group}${expand(patterns[pattern], patterns, names, depth + 1)})`;
  });
}

function unquoted(text: string): string {
  return /^(["'])[^]*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}
