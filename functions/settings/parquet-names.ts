/** Types of the columns of Parquet files. */
export const PARQUET_TYPES = ["string", "int64", "double", "boolean", "timestamp", "json"] as const;

/** Type of a column of Parquet files. */
export type ParquetColumnType = (typeof PARQUET_TYPES)[number];

/** How pages are packed. */
export const PARQUET_COMPRESSIONS = ["snappy", "zstd"] as const;

/** The column of what fits into no other: a JSON object. */
export const REST_COLUMN = "_rest";

/** Most columns of a file, `_rest` aside. */
export const MAX_COLUMNS = 1000;

/** What stands in a partition for a time that cannot be read. */
export const UNKNOWN_PARTITION = "unknown";

/** A folder of a partition: a name, and a text with `%Y`, `%m`, `%d`, `%H` and `%M` in it. */
const PARTITION = /^([A-Za-z_]\w*)=((?:[\w.-]|%[YmdHM])+)$/;

/** Names of columns. */
export const COLUMN_NAMES = {
  // Half of a pair of UTF-16 is no character.
  pattern: /^(?!.*\p{Surrogate})[^]{1,255}$/u,
  rule: "must have names of 1 to 255 characters",
};

/** What `partitionBy` must be. */
export const PARTITION_RULE =
  "must be up to 200 characters of folders like dt=%Y-%m-%d/hour=%H, each name once, with one of %Y, %m, %d, %H and %M at least";

/** What `utcOffset` must be. */
export const OFFSET_RULE = "must be an offset from UTC, -14:00 to +14:00";

/** The names of a pattern's folders; undefined where it is none. */
export function partitionNames(pattern: string): string[] | undefined {
  const names = pattern.split("/").map((folder) => PARTITION.exec(folder)?.[1] ?? "");
  const isPattern = pattern.length <= 200 && pattern.includes("%") && !names.includes("");
  return isPattern && new Set(names.map(folded)).size === names.length ? names : undefined;
}

/** Minutes east of UTC; undefined where it is none. */
export function offsetMinutes(text: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):([0-5]\d)$/.exec(text) ?? [];
  const offset = Number(`${sign}1`) * (60 * Number(hours) + Number(minutes));
  return Math.abs(offset) <= 14 * 60 ? offset : undefined;
}

/** What engines take for the same name: most of them do not tell `Status` from `status`. */
export function folded(name: string): string {
  return name.toLowerCase();
}

/** Why a name can be no column beside others; undefined where it can. @param taken names as {@link folded} makes them */
export function columnFault(
  name: string,
  partitions: readonly string[],
  taken: ReadonlySet<string>,
): string | undefined {
  if (!COLUMN_NAMES.pattern.test(name)) return COLUMN_NAMES.rule;
  if (folded(name) === REST_COLUMN) return `must not name a column ${REST_COLUMN}, which holds what fits into no other`;
  const isOfPartition = partitions.some((partition) => folded(partition) === folded(name));
  if (isOfPartition) return "must not name a column as a folder of partitionBy, which readers make a column of";
  return taken.has(folded(name)) ? "must not name two columns that differ in upper and lower case only" : undefined;
}

/** Tells each fault of a schema's names. */
export function schemaFaults(
  names: readonly string[],
  partitionBy: string,
  report: (name: string, fault: string) => void,
): void {
  const partitions = partitionNames(partitionBy) ?? [];
  const taken = new Set<string>();
  for (const name of names) {
    const fault = columnFault(name, partitions, taken);
    if (fault !== undefined) report(name, fault);
    taken.add(folded(name));
  }
}
