/**
 * What is counted while an input is read, as reading goes on. For JSON lines `lines = records + invalid + empty`, where
 * empty lines are not counted on their own; docs/parser.md tells it for other content.
 */
export interface ParseCounts {
  /** Lines of the decompressed input, empty ones included. */
  lines: number;
  /** For JSON lines, lines that hold a JSON object. */
  records: number;
  /** What is neither a record nor empty. */
  invalid: number;
  /** Lines and records that went over a limit, where there are any. */
  oversize?: number;
  /** Numbers beyond what a double can hold, which became strings, where there are any. */
  bigNumbers?: number;
  /**
   * Lines and records that hold bytes that are not UTF-8, where there are any; their bytes are kept. Of content with an
   * encoding, lines that hold bytes which are none of it, or U+FFFD, which stands for these.
   */
  invalidUtf8?: number;
  /** The encoding, as `encoding` of the content names it, that lines look like which are not UTF-8; only where it can be told. */
  looksLike?: string;
}

/** Counts of nothing: where counting starts. */
export function emptyCounts(): ParseCounts {
  return { lines: 0, records: 0, invalid: 0 };
}

/** What was counted since an earlier moment. */
export function countsSince(counts: Readonly<ParseCounts>, before: Readonly<ParseCounts>): ParseCounts {
  const since: ParseCounts = { ...counts };
  for (const name of ["lines", "records", "invalid"] as const) since[name] -= before[name];
  for (const name of ["oversize", "bigNumbers", "invalidUtf8"] as const) {
    const count = (counts[name] ?? 0) - (before[name] ?? 0);
    if (count > 0) since[name] = count;
    else delete since[name];
  }
  return since;
}

/** Adds counts to a sum. */
export function addCounts(sum: ParseCounts, counts: Readonly<ParseCounts>): void {
  sum.lines += counts.lines;
  sum.records += counts.records;
  sum.invalid += counts.invalid;
  for (const name of ["oversize", "bigNumbers", "invalidUtf8"] as const) {
    const count = counts[name];
    if (count !== undefined) sum[name] = (sum[name] ?? 0) + count;
  }
  if (counts.looksLike !== undefined) sum.looksLike = counts.looksLike;
}
