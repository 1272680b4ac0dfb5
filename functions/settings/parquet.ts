import {
  COLUMN_NAMES,
  OFFSET_RULE,
  offsetMinutes,
  PARQUET_COMPRESSIONS,
  PARQUET_TYPES,
  PARTITION_RULE,
  partitionNames,
  schemaFaults,
} from "./parquet-names";
import { checked, named, object, oneOf, optional, positiveInteger, type Read, type Reading, rule } from "./schema";

/** Parquet files, in partitions by the time of each record. */
export const PARQUET = checked(
  object({
    /** Types of columns by name. @default inferred from the first row group of each file */
    schema: optional(named(COLUMN_NAMES, oneOf(...PARQUET_TYPES))),
    partitionBy: rule<string>((given) => typeof given === "string" && !!partitionNames(given), PARTITION_RULE),
    /** Field with the time of a record. */
    timeField: rule<string>((given) => typeof given === "string" && given !== "", "must be the name of a field"),
    /** Offset from UTC for partitions and for times without a zone: `+08:00`. */
    utcOffset: rule<string>((given) => typeof given === "string" && offsetMinutes(given) !== undefined, OFFSET_RULE),
    /** MiB of values in one row group before they are packed. */
    rowGroupMb: positiveInteger,
    compression: oneOf(...PARQUET_COMPRESSIONS),
  }),
  ({ schema = {}, partitionBy }, reading: Reading) =>
    schemaFaults(Object.keys(schema), partitionBy, (name, fault) => reading.at("schema").report(fault, name)),
);

export type ParquetSettings = Read<typeof PARQUET>;
