/**
 * Counts of an input, up to date while it is read. For JSON lines, `lines = records + invalid + empty`, where empty
 * lines have no count of their own. docs/parser.md describes other content.
 */
export interface ParseCounts {
  /** Lines of the decompressed input, including empty ones. */
  lines: number;
  /** Records: for JSON lines, lines that contain a JSON object. */
  records: number;
  /** Lines that are neither a record nor empty. */
  invalid: number;
  /** Lines and records that exceeded a limit; left out if there are none. */
  oversize?: number;
  /** Numbers that a double cannot represent, which became strings; left out if there are none. */
  bigNumbers?: number;
  /**
   * Lines and records with bytes that are not UTF-8; their bytes are kept. For content with an encoding: lines with
   * bytes that are not valid in it, or with U+FFFD, which replaces these. Left out if there are none.
   */
  invalidUtf8?: number;
  /**
   * The probable encoding of lines that are not UTF-8, as the content's `encoding` names it; only if it can be
   * detected.
   */
  looksLike?: string;
}

/** Zero counts, to start counting from. */
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
