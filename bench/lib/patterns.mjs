import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const ROUNDS = 200;
const LINE = '10.2.0.1 - - [13/Apr/2015:17:22:03 +0800] "GET /router.php?id=15 HTTP/1.1" 404 285 "-" "curl/7.19.7"';

/** Lines of an access log. */
export const LINES = Array.from({ length: 500 }, (_, number) => `${LINE} ${number}`);

/**
 * A measure of patterns: Python's, which cannot hang, and their JavaScript equivalents run by V8, which can.
 *
 * @param pairs Python's pattern and JavaScript's
 */
export function patternMeasure(name, pairs, { lines = LINES, rounds = ROUNDS, atLeast } = {}) {
  return {
    name,
    ours: () => {
      const { compileRegex } = require("../../dist/rules/regex/compile.js");
      const patterns = pairs.map(([python]) => compileRegex(python, "linear"));
      return () => searchAll(patterns.map((pattern) => (line) => pattern.search(line)));
    },
    rivals: [
      {
        name: "V8's RegExp, which can hang",
        atLeast,
        open: () => () =>
          searchAll(
            pairs.map(
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
    for (let round = 0; round < rounds; round++) {
      for (const search of searches) for (const line of lines) if (search(line)) found++;
    }
    return `${found} matches`;
  }
}

/** The pattern of a grok pattern. */
export function grok(pattern) {
  return require("../../dist/parts/rules-grok.js").implementations.grok.pure(pattern, false, null);
}
