import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";
import { BEFORE_EVENTS, builtBefore, missingBefore } from "../lib/before.mjs";
import { deliveredEvent } from "../lib/generate-event.mjs";
import { compiled, SEVEN_LINES, TopicEvent } from "../lib/rules-events.mjs";

/** How many times a contestant reads the event. */
const TIMES = 100;

/** Uses of each record: `take` gets records with `get` and `fields`, `takeFields` objects. */
const USES = {
  count: () => {
    const take = () => undefined;
    return { take, takeFields: take };
  },
  "two fields": () => {
    const seen = new Set();
    let sum = 0;
    const add = (status, bytes) => {
      seen.add(status);
      sum += Number(bytes);
    };
    return {
      take: (record) => add(record.get("status"), record.get("body_bytes_sent")),
      takeFields: (fields) => add(fields.status, fields.body_bytes_sent),
      result: () => `, ${seen.size} kinds, ${sum}`,
    };
  },
  rules: () => {
    const rules = compiled(SEVEN_LINES);
    let left = 0;
    const run = (event) => {
      for (const { output } of rules.run(event).emitted) if (output === "main") left++;
    };
    return {
      take: (record) => run(new TopicEvent(undefined, record)),
      takeFields: (fields) => run(new TopicEvent(fields)),
      result: () => `, ${left} left`,
    };
  },
};

export const logs = Object.keys(USES);

/** An event of CLS of the maximum size in SCF, from base64 to the use of its records. */
export default (use) => ({
  name: `an event of 128 KB, ${use}`,
  file: deliveredEvent,
  judgesCpu: true,
  ours: (path) => timed(path, use, oursOf(createRequire(import.meta.url), "../../dist/functions")),
  rivals: [
    {
      name: "our code before",
      missing: missingBefore(BEFORE_EVENTS),
      open: async (path) => {
        const sources = { event: "events/cls-event.ts", parse: "parser/parse.ts" };
        const folder = await builtBefore("-event", sources, BEFORE_EVENTS);
        return timed(path, use, beforeOf(createRequire(import.meta.url), folder));
      },
    },
    { name: "JSON.parse twice", open: (path) => timed(path, use, readTwice) },
  ],
});

function timed(path, use, read) {
  const event = JSON.parse(readFileSync(path, "utf8"));
  return async () => {
    const { take, takeFields, result = () => "" } = USES[use]();
    let records = 0;
    for (let time = 0; time < TIMES; time++) records += await read(event, take, takeFields);
    return `${records} records${result()}`;
  };
}

function oursOf(require, folder) {
  const { readClsEvent } = require(`${folder}/events/cls-event.js`);
  const { parseLogs } = require(`${folder}/parser/parse-logs.js`);
  return (event, take) => taken((counts) => parseLogs(readClsEvent(event).logs, OPTIONS, counts), take);
}

function beforeOf(require, folder) {
  const { readClsEvent } = require(`${folder}/event.js`);
  const { parse } = require(`${folder}/parse.js`);
  return (event, take) => taken((counts) => parse(readClsEvent(event).lines(), OPTIONS, counts), take);
}

const OPTIONS = { object: "cls://topic/hash", check: "json", maxLineBytes: 1024 * 1024 };

async function taken(read, take) {
  const counts = { lines: 0, records: 0, invalid: 0 };
  for await (const { records } of read(counts)) for (const record of records) take(record);
  return counts.records;
}

/** The usual solution, without places, ids or handling of invalid lines. */
function readTwice({ clslogs }, _, takeFields) {
  const { records } = JSON.parse(gunzipSync(Buffer.from(clslogs.data, "base64")));
  for (const { timestamp, content } of records) {
    takeFields({ __TIMESTAMP__: Math.floor(timestamp / 1000), ...JSON.parse(content) });
  }
  return records.length;
}
