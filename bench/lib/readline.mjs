import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

/** The lines of a gzip file, read with readline. */
export function openLines(path) {
  return createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity });
}

/** Parses every line, as is usual; `take` receives the objects. */
export async function parseWithReadline(path, take = () => undefined) {
  let records = 0;
  for await (const line of openLines(path)) {
    take(JSON.parse(line));
    records++;
  }
  return `${records} records`;
}
