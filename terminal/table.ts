/**
 * Formats rows of text cells, each column as wide as its widest cell.
 * @param rightAligned columns of numbers, counted from 0
 */
export function layOut(rows: readonly (readonly string[])[], rightAligned: readonly number[] = []): string {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: columns }, (_, column) =>
    rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
  );
  const pad = (cell: string, column: number): string =>
    rightAligned.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => `${row.map(pad).join("  ").trimEnd()}\n`).join("");
}
