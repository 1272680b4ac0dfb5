import { createReadStream, readFileSync } from "node:fs";
import { createGunzip, gunzipSync } from "node:zlib";
import { missingBefore, openBefore } from "../lib/before.mjs";
import { LOGS } from "../lib/generate.mjs";
import { readWithOurs } from "../lib/ours.mjs";
import { openLines, parseWithReadline } from "../lib/readline.mjs";

/** Required ratio to `readline` and JSON.parse. */
const AT_LEAST = { access: 3, mixed: 2, nested: 1.8, short: 3 };

export const logs = Object.keys(LOGS);

/** Parses every record to an object. */
export default (log) => ({
  name: `full parse, ${log}`,
  file: LOGS[log],
  judgesCpu: true,
  ours: (path) => () => readWithOurs(path, "json", makeAll),
  rivals: [
    { name: "readline + JSON.parse", atLeast: AT_LEAST[log], open: (path) => () => parseWithReadline(path) },
    { name: "our code before", missing: missingBefore(), open: before },
    { name: "readline with a listener + JSON.parse", open: readlineListener },
    { name: "split2 + JSON.parse", open: split2 },
    { name: "JSON.parse of lines in memory", open: linesInMemory },
  ],
});

function makeAll(batch) {
  for (const { fields } of batch) if (!fields) throw new Error("a record must have fields");
}

async function before(path) {
  const read = await openBefore();
  return () => read(path, "json", makeAll);
}

/** The recommendation of Node's documentation for speed. */
function readlineListener(path) {
  return () =>
    new Promise((resolve) => {
      let records = 0;
      openLines(path)
        .on("line", (line) => {
          if (JSON.parse(line)) records++;
        })
        .on("close", () => resolve(`${records} records`));
    });
}

async function split2(path) {
  const { default: split } = await import("split2");
  return async () => {
    let records = 0;
    const objects = createReadStream(path).pipe(createGunzip()).pipe(split(JSON.parse));
    for await (const record of objects) if (record) records++;
    return `${records} records`;
  };
}

/** The lower bound of one thread that reads line by line: only decoding and parsing lines is timed. */
function linesInMemory(path) {
  const content = gunzipSync(readFileSync(path));
  const lines = [];
  for (let start = 0; start < content.length;) {
    const end = content.indexOf(0x0a, start);
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return () => {
    let records = 0;
    for (const line of lines) if (JSON.parse(line.toString())) records++;
    return `${records} records`;
  };
}
