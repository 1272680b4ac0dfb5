import { patternMeasure } from "../lib/patterns.mjs";

/** A word, an address, a pair, case-insensitive, a whole line: Python's pattern and its JavaScript equivalent. */
const PATTERNS = [
  ["router", /router/],
  [String.raw`\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`, /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/],
  [String.raw`(\w+)=(\w+)`, /(\w+)=(\w+)/],
  [String.raw`(?i)CURL/(\d+)`, /CURL\/(\d+)/i],
  [
    String.raw`^(\S+) \S+ \S+ \[([^\]]+)\] "(\w+) (\S+) [^"]*" (\d+) (\d+)`,
    /^(\S+) \S+ \S+ \[([^\]]+)\] "(\w+) (\S+) [^"]*" (\d+) (\d+)/,
  ],
];

export default patternMeasure("five patterns on lines of a log", PATTERNS, { atLeast: 0.5 });
