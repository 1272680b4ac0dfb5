import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { batchesOf, PASSES } from "./generate-batches.mjs";

const require = createRequire(import.meta.url);
const { openDecoded } = require("../../dist/functions/events/cls-event.js");
const { BatchSearch } = require("../../dist/functions/monitor/batch-search.js");
const { deliveredBatch } = require("../../dist/functions/monitor/delivered-batch.js");
const { BatchMatcher, readDefinition } = require("../../dist/monitor/index.js");

const lib = dirname(fileURLToPath(import.meta.url));
const SOURCE = { name: "s", topic: "topic-1", region: "ap-guangzhou" };

/** Matches unpacked batches like the monitor's handler. @param conditions fields and patterns of each monitor */
export function ours(conditions) {
  return (path) => {
    const batches = batchesOf(path);
    const monitors = conditions.map((fields, number) => ({
      name: `M${number}`,
      match: { any: fields.map(([field, pattern]) => ({ [field]: pattern.source })) },
      alert: { to: "oncall" },
    }));
    const { file, problems } = readDefinition({
      monitors,
      sources: { s: { region: SOURCE.region, topic: SOURCE.topic } },
      receivers: { oncall: { url: { env: "URL" } } },
      state: "memory",
    });
    if (problems.length > 0) throw new Error(`the definition must be right, got ${problems[0].message}`);
    const matcher = new BatchMatcher(file);
    const search = new BatchSearch(matcher.needsOf("s"), { level: "strings" });
    return async () => {
      let found = 0;
      for (const bytes of batches) {
        const event = openDecoded(bytes, bytes.length).read();
        const batch = await deliveredBatch(event.logs, event.topicId, search);
        const isEmpty = batch.mayMatch?.every((list) => list?.length === 0);
        const position = isEmpty ? "" : event.hash;
        const { matches } = matcher.match({ source: SOURCE, position, arrivedAt: Date.now(), ...batch });
        for (const { count } of matches.groups) found += count;
      }
      return `${found} matches`;
    };
  };
}

/** The usual solution. */
export function parseTwice(conditions) {
  return (path) => {
    const batches = batchesOf(path);
    return () => `${matchesIn(batches, conditions)} matches`;
  };
}

/** The loop of a consumer group program in Python, which measures its own time. */
export function inPython(conditions) {
  return (path) => () => {
    const script = join(lib, "python/monitor_loop.py");
    const input = JSON.stringify({ path, passes: PASSES, monitors: conditions.map((fields) => fields.map(([field, { source }]) => [field, source])) }); // prettier-ignore
    const { stdout, status } = spawnSync("python3", [script], { input, stdio: ["pipe", "pipe", "inherit"] });
    if (status !== 0) throw new Error(`Python must end well, got ${status}`);
    return JSON.parse(stdout);
  };
}

/**
 * Not a contestant but the lower bound: it knows the result, and searches the bytes for a letter that does not occur.
 */
export function onlyScanned(conditions) {
  return (path) => {
    const batches = batchesOf(path);
    const found = matchesIn(batches, conditions);
    return () => {
      for (const bytes of batches) if (bytes.includes(1)) throw new Error("JSON holds no control character");
      return `${found} matches`;
    };
  };
}

function matchesIn(batches, conditions) {
  let found = 0;
  for (const bytes of batches) {
    for (const { content } of JSON.parse(bytes.toString()).records) {
      const record = JSON.parse(content);
      for (const fields of conditions) if (fields.some(([field, pattern]) => pattern.test(record[field]))) found++;
    }
  }
  return found;
}
