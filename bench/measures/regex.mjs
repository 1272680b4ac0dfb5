import { createRequire } from "node:module";

const ROUNDS = 200;
const LINE = '10.2.0.1 - - [13/Apr/2015:17:22:03 +0800] "GET /router.php?id=15 HTTP/1.1" 404 285 "-" "curl/7.19.7"';
const LINES = Array.from({ length: 500 }, (_, number) => `${LINE} ${number}`);

/** A word, an address, a pair, any case, a whole line: Python's pattern, and what one would write in JavaScript. */
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

/** What patterns cost that cannot hang, over V8's own, which can. */
export default {
  name: "five patterns on lines of a log",
  ours: () => {
    const { compileRegex } = createRequire(import.meta.url)("../../dist/rules/regex/compile.js");
    const patterns = PATTERNS.map(([python]) => compileRegex(python, "linear"));
    return () => searchAll(patterns.map((pattern) => (line) => pattern.search(line)));
  },
  rivals: [
    {
      name: "V8's RegExp, which can hang",
      open: () => () =>
        searchAll(
          PATTERNS.map(
            ([, javascript]) =>
              (line) =>
                javascript.exec(line),
          ),
        ),
    },
  ],
};

function searchAll(searches) {
  let found = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const search of searches) for (const line of LINES) if (search(line)) found++;
  }
  return `${found} matches`;
}
