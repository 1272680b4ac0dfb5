import type { ParquetFile } from "../../../functions/outputs/parquet-part";
import type { ParquetSettings } from "../../../functions/settings";
import { builtPart } from "../../functions/support/parquet";

export const SETTINGS: ParquetSettings = {
  partitionBy: "dt=%Y-%m-%d/hour=%H",
  timeField: "t",
  utcOffset: "+00:00",
  rowGroupMb: 16,
  compression: "snappy",
};

const { openParquet } = builtPart();

/** What becomes of lines. */
export function filesOf(lines: readonly (string | Buffer)[], settings: Partial<ParquetSettings> = {}): ParquetFile[] {
  const files = openParquet({ ...SETTINGS, ...settings }, "cos://logs/a.gz");
  const full = lines.flatMap((line) => {
    const bytes = Buffer.from(line);
    return files.add(bytes, 0, bytes.length, false);
  });
  return [...full, ...files.end()];
}

/** The one file of lines whose times are alike. */
export function fileOf(lines: readonly (string | Buffer)[], settings: Partial<ParquetSettings> = {}): Buffer {
  const files = filesOf(lines, settings);
  if (files.length !== 1) throw new Error(`there must be one file, got ${files.length}`);
  return Buffer.from(files[0].body);
}
