import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

/** The lines of a gzip file as one would read them. */
export function openLines(path) {
  return createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity });
}

/** Every line parsed, as one would do it; what is parsed is handed to `take`. */
export async function parseWithReadline(path, take = () => undefined) {
  let records = 0;
  for await (const line of openLines(path)) {
    take(JSON.parse(line));
    records++;
  }
  return `${records} records`;
}
