import type { Fields } from "../../records/contracts";
import type { PresetContentSettings } from "../../settings";
import type { ParseCounts } from "../counts";
import { CsvReader } from "../csv-reader";
import type { JsonElements } from "../json-elements";
import { JsonLinesReader } from "../json-lines";
import { readValues } from "../json-values";
import { loadPatterns } from "../late";
import { MultilineReader } from "../multiline";
import { PlainLinesReader } from "../plain-lines";
import { readJson } from "../read-json";
import type { ContentReader } from "../reader";
import type { BatchLimits } from "../sink";
import { PresetColumns } from "./columns";
import { ContainerReader } from "./container-reader";
import { PresetSink, type ReadRecord } from "./preset-sink";
import { FieldFault, TypedFields } from "./typed-fields";

/** Default limits of records that span several lines. */
const MAX_LINES = 500;
const MAX_BYTES = 1024 * 1024;

/** The reader and the sink for an input with a preset. */
interface PresetInput {
  readonly object: string;
  readonly maxLineBytes: number;
  readonly batchLimits?: BatchLimits;
}

/** Creates a reader for the layout of a preset, and the sink that it fills. */
export function openPreset(
  content: PresetContentSettings,
  { object, maxLineBytes, batchLimits }: PresetInput,
  counts: ParseCounts,
): { readonly reader: ContentReader; readonly sink: PresetSink; readonly splitter?: JsonElements } {
  const { layout, name } = content;
  const types = new TypedFields(content);
  const sinkFor = (read: ReadRecord) => new PresetSink(object, { name, types, read }, counts, batchLimits);
  switch (layout.type) {
    case "columns": {
      const columns = new PresetColumns(layout, types);
      const sink = sinkFor(columns.readRecord);
      const isOneLine = layout.spansLines !== true && layout.columns !== true;
      // The sink parses what the reader passes to it as a record.
      const reader = isOneLine ? new PlainLinesReader(sink) : new CsvReader(columns, "shape", maxLineBytes, sink);
      return { reader, sink };
    }
    case "pattern": {
      const sink = sinkFor(groupsOf(layout.pattern, layout.flags, types));
      const { flags, maxBytes = MAX_BYTES, maxLines = MAX_LINES, startPattern } = layout;
      if (startPattern === undefined) return { reader: new PlainLinesReader(sink), sink };
      return {
        reader: new MultilineReader({ type: "multiline", startPattern, flags, maxLines, maxBytes }, sink),
        sink,
      };
    }
    case "json": {
      const sink = sinkFor(membersOf(types));
      if (layout.as === "values") return { ...readValues("json", maxLineBytes, [], sink), sink };
      return { reader: new JsonLinesReader("json", maxLineBytes, sink), sink };
    }
    case "container": {
      const sink = sinkFor(membersOf(types));
      return { reader: new ContainerReader(sink, name, layout.maxBytes), sink };
    }
  }
}

/** Reads the members of a JSON object. */
function membersOf(types: TypedFields): ReadRecord {
  return (buffer, start, end, parsed: Fields | undefined = readJson(buffer, start, end)) =>
    parsed === undefined ? new FieldFault("no object of JSON") : types.of(Object.keys(parsed), Object.values(parsed));
}

/** Reads the named groups of a pattern. */
function groupsOf(source: string, flags: string, types: TypedFields): ReadRecord {
  const pattern = loadPatterns().compileGroupPattern(source, flags);
  return (buffer, start, end) => {
    const values = pattern.match(buffer.toString("utf8", start, end));
    return values === undefined ? new FieldFault("the pattern does not match") : types.of(pattern.names, values);
  };
}
