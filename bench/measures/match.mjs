import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { accessLog, rareLog } from "../lib/generate.mjs";
import { compiled, TopicEvent } from "../lib/rules-events.mjs";

const require = createRequire(import.meta.url);
const { parse } = require("../../dist/functions/parser/parse.js");
const { createRulesProcessor } = require("../../dist/functions/processors/rules.js");

const CHUNK_BYTES = 1024 * 1024;
const OUTPUTS = { outputs: { main: { type: "cos" } }, defaultOutput: "main" };

/** By the share of matching lines: one of ten thousand, or none. */
const FILES = { rare: rareLog, none: accessLog };
export const logs = Object.keys(FILES);

const RULES = String.raw`e_keep(e_search("OutOfMemory") or e_match("status", r"59\d"))`;
const ANY_FIELD = /OutOfMemory/;
const STATUS = /^59\d$/;

/**
 * Lines in memory, from which a rule keeps those with a word in any field, or with a number in one; all lines are
 * validated as JSON.
 */
export default (log) => ({
  name: `matching, ${log === "rare" ? "1 line in 10,000" : "none"}`,
  file: FILES[log],
  judgesCpu: true,
  ours: async (path) => {
    const chunks = chunksOf(path);
    const folder = mkdtempSync(join(tmpdir(), "bench-match-"));
    writeFileSync(join(folder, "rules.sls"), RULES);
    const processor = createRulesProcessor({ kind: "rules", onError: "fail" }, OUTPUTS, folder);
    return () =>
      count(chunks, async (records) => {
        const { routed } = await processor.process(records, undefined);
        return routed.reduce((sum, one) => sum + one.records.length, 0);
      });
  },
  rivals: [
    {
      name: "ours, each record through the rules",
      atLeast: 4,
      open: (path) => {
        const [chunks, rules] = [chunksOf(path), compiled(RULES)];
        const keeps = (record) => rules.run(new TopicEvent(undefined, record)).emitted.length > 0;
        return () => count(chunks, (records) => records.filter(keeps).length);
      },
    },
    {
      name: "JSON.parse + RegExp",
      atLeast: 4,
      open: (path) => {
        const bytes = gunzipSync(readFileSync(path));
        return () => {
          let found = 0;
          // Chunk by chunk, because converting everything to text would be slower.
          for (let start = 0; start < bytes.length;) {
            const end = bytes.lastIndexOf(10, start + CHUNK_BYTES) + 1;
            for (const line of bytes.toString("utf8", start, end - 1).split("\n")) if (fits(JSON.parse(line))) found++;
            start = end;
          }
          return `${found} found`;
        };
      },
    },
  ],
});

function fits(fields) {
  if (STATUS.test(fields.status)) return true;
  for (const name in fields) if (ANY_FIELD.test(fields[name])) return true;
  return false;
}

async function count(chunks, take) {
  const counts = { lines: 0, records: 0, invalid: 0 };
  const options = { object: "memory", check: "json", maxLineBytes: 1024 * 1024 };
  let found = 0;
  for await (const { records } of parse(chunks, options, counts)) found += await take(records);
  return `${found} found`;
}

/** The chunks of a file after unpacking. */
function chunksOf(path) {
  const bytes = gunzipSync(readFileSync(path));
  const chunks = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) chunks.push(bytes.subarray(at, at + CHUNK_BYTES));
  return chunks;
}
