import { peakOf } from "../lib/spawn.mjs";

const KINDS = ["cos", "parquet", "cls", "elasticsearch", "otlp-protobuf", "otlp-json"];

/** Peak memory of the function, including Node, while it sends each record of a file to one kind of output. */
export default ({ file, large = file }) =>
  KINDS.map((kind) => ({
    name: `peak memory of the function to ${kind}, ${large.mib} MiB`,
    value: peakOf(kind, large.path),
    below: 200,
    unit: "MB",
  }));
