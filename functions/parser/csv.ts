/** How CSV is written: RFC 4180 with a delimiter and a quote of one's choice. */
export interface CsvFormat {
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character, or none where values are never quoted. */
  readonly quote: string;
}

/**
 * The values of one record, or undefined where it is no CSV: a quoted value must end with its quote, right before a
 * delimiter or the record's end. A quote inside a value that does not begin with one is a character like any other.
 */
export function splitCsv(record: string, { delimiter, quote }: CsvFormat): string[] | undefined {
  const values: string[] = [];
  for (let at = 0; ;) {
    if (quote === "" || record[at] !== quote) {
      const end = record.indexOf(delimiter, at);
      values.push(record.slice(at, end === -1 ? undefined : end));
      if (end === -1) return values;
      at = end + 1;
      continue;
    }
    const end = closingQuote(record, at + 1, quote);
    if (end === -1) return undefined;
    values.push(record.slice(at + 1, end).replaceAll(quote + quote, quote));
    at = end + 1;
    if (at === record.length) return values;
    if (record[at++] !== delimiter) return undefined;
  }
}

/** Whether a record goes on behind this line, since a quoted value is open at its end. */
export function isOpen(line: string, open: boolean, { delimiter, quote }: CsvFormat): boolean {
  if (quote === "" || (!open && !line.includes(quote))) return false;
  for (let at = 0; ;) {
    if (open || line[at] === quote) {
      const end = closingQuote(line, open ? at : at + 1, quote);
      if (end === -1) return true;
      at = end;
    }
    open = false;
    at = line.indexOf(delimiter, at);
    if (at === -1) return false;
    at++;
  }
}

/** Whether a carriage return stands between values of a line: where line feeds end lines, none does. */
export function hasReturn(line: string, { quote }: CsvFormat): boolean {
  if (!line.includes("\r")) return false;
  const outside = quote === "" ? [line] : line.split(quote).filter((_, index) => index % 2 === 0);
  return outside.some((text) => /\r+[^\r]/.test(text));
}

/** Position of the quote that closes a value whose text begins at `from`, or -1; a doubled quote is a part of it. */
function closingQuote(text: string, from: number, quote: string): number {
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 2)) {
    if (text[at + 1] !== quote) return at;
  }
  return -1;
}
