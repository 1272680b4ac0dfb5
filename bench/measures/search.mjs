import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";
import { rareLog } from "../lib/generate.mjs";

const require = createRequire(import.meta.url);
const { LiteralSearch } = require("../../dist/functions/parser/search/literal-search.js");

const PIECE_BYTES = 256 * 1024;

const WORDS =
  "OutOfMemory panic deadlock segfault refused Traceback FATAL corrupt denied unreachable overflow NullPointer exceeded " +
  "killed rollback throttl certificate handshake ENOSPC ECONNRESET";

/** By the number of literals. */
const SETS = { 1: ["OutOfMemory"], 20: WORDS.split(" "), 40: WORDS.split(" ").flatMap((word) => [word, `no ${word}`]) };
export const logs = Object.keys(SETS);

/** Finds the pieces of a log in memory that contain one of some literals; one record of ten thousand does. */
export default (count) => {
  const words = SETS[count];
  const pattern = new RegExp(words.join("|"));
  return {
    name: `search for ${count} literals`,
    file: rareLog,
    judgesCpu: true,
    ours: (path) => {
      const search = new LiteralSearch(words.map((text) => ({ text })));
      return overPieces(path, (bytes, start, end) => {
        search.open(bytes, start, end);
        return search.next(start, end) >= 0;
      });
    },
    rivals: [
      {
        name: "one RegExp over latin1",
        atLeast: 4,
        open: (path) => overPieces(path, (bytes, start, end) => pattern.test(bytes.toString("latin1", start, end))),
      },
      {
        name: "Buffer.indexOf, one a literal",
        open: (path) => {
          const needles = words.map((word) => Buffer.from(word));
          return overPieces(path, (bytes, start, end) => {
            const piece = bytes.subarray(start, end);
            return needles.some((needle) => piece.includes(needle));
          });
        },
      },
    ],
  };
};

function overPieces(path, holds) {
  const bytes = gunzipSync(readFileSync(path));
  return () => {
    let found = 0;
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      if (holds(bytes, start, Math.min(start + PIECE_BYTES, bytes.length))) found++;
    }
    return `${found} pieces`;
  };
}
