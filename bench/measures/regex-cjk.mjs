import { LINES, patternMeasure } from "../lib/patterns.mjs";

/** The lines with Chinese words, which V8 never gets: our automata do all the work. */
const CJK = LINES.map((line) => line.replace("router", "路由器").replace(" - - ", " 用户 - "));

const PATTERNS = [
  ["路由器", /路由器/],
  [String.raw`\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`, /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/],
  [String.raw`(\w+)=(\w+)`, /([\p{L}\p{N}_]+)=([\p{L}\p{N}_]+)/u],
  [
    String.raw`^(\S+) \S+ \S+ \[([^\]]+)\] "(\w+) (\S+) [^"]*" (\d+) (\d+)`,
    /^(\S+) \S+ \S+ \[([^\]]+)\] "([\p{L}\p{N}_]+) (\S+) [^"]*" (\d+) (\d+)/u,
  ],
];

export default patternMeasure("four patterns on lines with Chinese", PATTERNS, { lines: CJK });
