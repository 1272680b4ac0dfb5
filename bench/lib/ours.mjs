import { createReadStream } from "node:fs";
import { createRequire } from "node:module";

/** Reads a gzip file with our parser, like the handler; resolves to the number of records. */
export const readWithOurs = readerOf("../../dist/functions/parser");

/** The same with the parser in a folder that contains `decompress.js` and `parse.js`. */
export function readerOf(folder) {
  const require = createRequire(import.meta.url);
  const [{ decompress }, { parse }] = ["decompress", "parse"].map((name) => require(`${folder}/${name}.js`));
  return async (path, check, take, content = { type: "json" }) => {
    const counts = { lines: 0, records: 0, invalid: 0 };
    const options = { object: path, check, maxLineBytes: 1024 * 1024, content };
    const unpacked = decompress(createReadStream(path), { expect: content.type, encoding: content.encoding });
    // In older versions, a batch was a list of records.
    for await (const batch of parse(unpacked, options, counts)) take?.(batch.records ?? batch);
    return `${counts.records} records`;
  };
}
