import {
  offsetMinutes,
  OFFSET_RULE,
  PARQUET_COMPRESSIONS,
  PARQUET_TYPES,
  PARTITION_RULE,
  partitionNames,
  schemaFaults,
  MAX_COLUMNS,
  type CosOutputSettings,
  type ParquetColumnType,
} from "../../functions/settings";
import { Checks } from "../errors";
import { instance, integer, knownAtSynth, mapOf, oneOf, textThat } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";

/** Options of {@link LogFormat.parquet}. */
export interface ParquetOptions {
  /**
   * Types of the columns by field name, in their order: `string`, `int64`, `double`, `boolean`, `timestamp` or `json`;
   * at most 1000. Text that contains a number, a boolean or a time is converted. Fields that are not listed, and values
   * that do not fit, go to the column `_rest` as JSON.
   * @default the fields of a file's first row group, each with the type of its first value; nested values are `json`
   */
  readonly schema?: Readonly<Record<string, ParquetColumnType>>;
  /**
   * Folders below the prefix, up to 200 characters: names, and text with `%Y`, `%m`, `%d`, `%H` and `%M` of a record's
   * time. If the time cannot be read, they contain `unknown`.
   * @default "dt=%Y-%m-%d/hour=%H"
   */
  readonly partitionBy?: string;
  /**
   * Field with the time of a record: ISO 8601, or seconds, milliseconds, microseconds or nanoseconds since the epoch,
   * detected from the number's size. Without a schema, its column is a `timestamp`.
   * @default "__TIMESTAMP__"
   */
  readonly timeField?: string;
  /**
   * Offset from UTC for the names of partitions and for times without a zone: `+08:00` for China. Columns store
   * instants.
   * @default "+00:00"
   */
  readonly utcOffset?: string;
  /**
   * Memory in MiB for the values of one row group before they are packed, 1 to 64. All open files together take at most
   * twice as much.
   * @default 16
   */
  readonly rowGroupMb?: number;
  /**
   * Compression of pages. `zstd` makes files two fifths smaller, takes half as long again, and adds 0.2 MB to the
   * function's zip.
   * @default "snappy"
   */
  readonly compression?: (typeof PARQUET_COMPRESSIONS)[number];
}

const PARQUET: PropTable<ParquetOptions> = {
  schema: mapOf(
    knownAtSynth(oneOf(PARQUET_TYPES, "name the type of the column", "LOGS_PARQUET_TYPE")),
    "name each column",
  ),
  partitionBy: knownAtSynth(
    textThat(/[^]/, PARTITION_RULE, "write it like dt=%Y-%m-%d/hour=%H", "LOGS_PARQUET_PARTITION"),
  ),
  timeField: knownAtSynth(
    textThat(/[^]/, "must be the name of a field", "leave it out for __TIMESTAMP__", "LOGS_PARQUET_TIME"),
  ),
  utcOffset: knownAtSynth(textThat(/^[+-]\d\d:[0-5]\d$/, OFFSET_RULE, "write it like +08:00", "LOGS_PARQUET_OFFSET")),
  rowGroupMb: knownAtSynth(integer({ min: 1, max: 64, unit: "MiB" }, "LOGS_PARQUET_GROUP")),
  compression: knownAtSynth(oneOf(PARQUET_COMPRESSIONS, "leave it out for snappy", "LOGS_PARQUET_COMPRESSION")),
};

/** Format of the objects of a `CosOutput`. */
export class LogFormat {
  /** Gzip JSON lines with each record as it is: the default of a `CosOutput`. */
  static jsonLines(): LogFormat {
    return new LogFormat(undefined, []);
  }

  /**
   * Parquet files in folders by the time of each record, for query engines such as DuckDB, Spark, Trino and ClickHouse.
   * The code that writes them is in the function's zip only if this format is used.
   * @throws LogsError if an option is not valid
   */
  static parquet(options: ParquetOptions = {}): LogFormat {
    const checks = new Checks("LogFormat.parquet");
    const {
      compression = "snappy",
      partitionBy = "dt=%Y-%m-%d/hour=%H",
      rowGroupMb = 16,
      schema,
      timeField = "__TIMESTAMP__",
      utcOffset = "+00:00",
    } = readProps(checks, PARQUET, options);
    checkPartitions(checks, partitionBy);
    checkOffset(checks, utcOffset);
    checkSchema(checks, schema, partitionBy);
    checks.throwIfAny();
    const format = { type: "parquet", schema, partitionBy, timeField, utcOffset, rowGroupMb, compression } as const;
    return new LogFormat(format, ["out-parquet.js", ...(compression === "zstd" ? ["out-parquet-zstd.js"] : [])]);
  }

  private constructor(
    /** The handler's settings of the format; undefined for JSON lines. */
    readonly settings: CosOutputSettings["format"],
    /** Prebuilt files that the format adds to the zip. */
    readonly parts: readonly string[],
  ) {}
}

/** The prop `format` of a `CosOutput`. */
export const formatProp = instance<LogFormat>("a LogFormat", "use LogFormat.parquet or LogFormat.jsonLines", {
  others: ["parts"],
});

function checkPartitions(checks: Checks, pattern: string): void {
  checks.that(
    pattern === "" || partitionNames(pattern) !== undefined,
    "LOGS_PARQUET_PARTITION",
    () => `partitionBy ${PARTITION_RULE}, got ${JSON.stringify(pattern)}; write it like dt=%Y-%m-%d/hour=%H`,
  );
}

function checkOffset(checks: Checks, offset: string): void {
  const isWritten = /^[+-]\d\d:[0-5]\d$/.test(offset);
  checks.that(
    !isWritten || offsetMinutes(offset) !== undefined,
    "LOGS_PARQUET_OFFSET",
    () => `utcOffset ${OFFSET_RULE}, got ${JSON.stringify(offset)}; write it like +08:00`,
  );
}

function checkSchema(checks: Checks, schema: ParquetOptions["schema"], partitionBy: string): void {
  if (schema === undefined) return;
  const names = Object.keys(schema);
  checks.that(
    names.length > 0 && names.length <= MAX_COLUMNS,
    "LOGS_PARQUET_COLUMN",
    () => `schema must name 1 to ${MAX_COLUMNS} columns, got ${names.length}; leave it out to have it inferred`,
  );
  schemaFaults(names, partitionBy, (name, fault) => {
    const code = "LOGS_PARQUET_COLUMN";
    checks.that(false, code, () => `schema ${fault}, got ${JSON.stringify(name)}; leave it out: it is kept in _rest`);
  });
}
