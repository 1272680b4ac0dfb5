import { createReadStream, readFileSync } from "node:fs";
import { createGunzip, gunzipSync } from "node:zlib";
import { openLines } from "../lib/readline.mjs";
import { readWithOurs } from "../lib/ours.mjs";

/** Every record an object. */
export default {
  name: "full parse",
  ours: (path) => () => readWithOurs(path, "json"),
  rivals: [
    { name: "readline + JSON.parse", atLeast: 2.3, open: readline },
    { name: "readline with a listener + JSON.parse", open: readlineListener },
    { name: "split2 + JSON.parse", atLeast: 2.3, open: split2 },
    { name: "JSON.parse of lines in memory", atLeast: 0.9, open: linesInMemory },
  ],
};

function readline(path) {
  return async () => {
    let records = 0;
    for await (const line of openLines(path)) if (JSON.parse(line)) records++;
    return `${records} records`;
  };
}

/** What Node's documentation recommends for speed. */
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

/** The floor of one thread that reads line by line: lines are decoded and parsed, and nothing else is timed. */
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
