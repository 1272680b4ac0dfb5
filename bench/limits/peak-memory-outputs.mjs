import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../lib/way-out.mjs", import.meta.url));
const KINDS = ["cos", "parquet", "cls", "elasticsearch", "otlp-protobuf", "otlp-json"];

/** The function at its peak, Node itself included, while it sends each record of a file one way. */
export default ({ file, large = file }) =>
  KINDS.map((kind) => {
    const { peakMb, result } = JSON.parse(
      execFileSync(process.execPath, [SCRIPT, kind, large.path], { encoding: "utf8" }),
    );
    const [, records, written] = /(\d+) records.*, (\d+) written$/.exec(result) ?? [];
    if (records === undefined || records !== written) throw new Error(`${kind}: all must be written, got ${result}`);
    return { name: `peak memory of the function to ${kind}, ${large.mib} MiB`, value: peakMb, below: 200, unit: "MB" };
  });
