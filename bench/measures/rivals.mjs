import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip, gunzipSync } from "node:zlib";

/** The handler that blogs show: lines by readline, a regular expression for each. */
export const readlineShape = (path) => async () => {
  let records = 0;
  for await (const line of linesOf(path)) if (/^\s*\{.*\}\s*$/.test(line)) records++;
  return `${records} records`;
};

export const readlineParse = (path) => async () => {
  let records = 0;
  for await (const line of linesOf(path)) if (JSON.parse(line)) records++;
  return `${records} records`;
};

/** The same with a listener, which Node's documentation recommends for speed. */
export const readlineListenerParse = (path) => () =>
  new Promise((resolve) => {
    let records = 0;
    linesOf(path)
      .on("line", (line) => {
        if (JSON.parse(line)) records++;
      })
      .on("close", () => resolve(`${records} records`));
  });

export const split2Parse = async (path) => {
  const { default: split2 } = await import("split2");
  return async () => {
    let records = 0;
    const objects = createReadStream(path).pipe(createGunzip()).pipe(split2(JSON.parse));
    for await (const record of objects) if (record) records++;
    return `${records} records`;
  };
};

/** What one thread needs at least: lines that lie in memory are decoded and parsed, and nothing else is timed. */
export const floor = (path) => {
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
};

function linesOf(path) {
  return createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity });
}
