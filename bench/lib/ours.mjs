import { createReadStream } from "node:fs";
import { createRequire } from "node:module";

/** Reads a gzip file with our parser, as the handler does; resolves to how many records there are. */
export const readWithOurs = readerOf("../../dist/functions/parser");

/** The same with the parser of a folder, which holds `decompress.js` and `parse.js`. */
export function readerOf(folder) {
  const require = createRequire(import.meta.url);
  const [{ decompress }, { parse }] = ["decompress", "parse"].map((name) => require(`${folder}/${name}.js`));
  return async (path, check, take, content = { type: "json" }) => {
    const counts = { lines: 0, records: 0, invalid: 0 };
    const options = { object: path, check, maxLineBytes: 1024 * 1024, content };
    const unpacked = decompress(createReadStream(path), { expect: content.type, encoding: content.encoding });
    // A batch was a list of records once.
    for await (const batch of parse(unpacked, options, counts)) take?.(batch.records ?? batch);
    return `${counts.records} records`;
  };
}
