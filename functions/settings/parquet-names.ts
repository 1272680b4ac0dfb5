/** Types of Parquet columns. */
export const PARQUET_TYPES = ["string", "int64", "double", "boolean", "timestamp", "json"] as const;

/** Type of a Parquet column. */
export type ParquetColumnType = (typeof PARQUET_TYPES)[number];

/** Compressions of pages. */
export const PARQUET_COMPRESSIONS = ["snappy", "zstd"] as const;

/** The column for everything that fits no other column: a JSON object. */
export const REST_COLUMN = "_rest";

/** Maximum columns per file, without `_rest`. */
export const MAX_COLUMNS = 1000;

/** Text in a partition for a time that cannot be read. */
export const UNKNOWN_PARTITION = "unknown";

/** A folder of a partition: a name, and text with `%Y`, `%m`, `%d`, `%H` and `%M`. */
const PARTITION = /^([A-Za-z_]\w*)=((?:[\w.-]|%[YmdHM])+)$/;

/** Names of columns. */
export const COLUMN_NAMES = {
  // Half of a UTF-16 surrogate pair is not a character.
  pattern: /^(?!.*\p{Surrogate})[^]{1,255}$/u,
  rule: "must have names of 1 to 255 characters",
};

/** Rule of `partitionBy`. */
export const PARTITION_RULE =
  "must be up to 200 characters of folders like dt=%Y-%m-%d/hour=%H, each name once, with one of %Y, %m, %d, %H and %M at least";

/** Rule of `utcOffset`. */
export const OFFSET_RULE = "must be an offset from UTC, -14:00 to +14:00";

/** The names of a pattern's folders; undefined if it is not a valid pattern. */
export function partitionNames(pattern: string): string[] | undefined {
  const names = pattern.split("/").map((folder) => PARTITION.exec(folder)?.[1] ?? "");
  const isPattern = pattern.length <= 200 && pattern.includes("%") && !names.includes("");
  return isPattern && new Set(names.map(folded)).size === names.length ? names : undefined;
}

/** Minutes east of UTC; undefined if it is not a valid offset. */
export function offsetMinutes(text: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):([0-5]\d)$/.exec(text) ?? [];
  const offset = Number(`${sign}1`) * (60 * Number(hours) + Number(minutes));
  return Math.abs(offset) <= 14 * 60 ? offset : undefined;
}

/** The form in which engines compare names: most do not distinguish `Status` from `status`. */
export function folded(name: string): string {
  return name.toLowerCase();
}

/**
 * Why a name cannot be a column together with others; undefined if it can. @param taken names in the form of
 * {@link folded}
 */
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

/** Reports each problem of a schema's names. */
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
