/** CSV format: RFC 4180 with configurable marks, each one ASCII character. */
export interface CsvFormat {
  readonly delimiter: string;
  /** Empty if values are never quoted. */
  readonly quote: string;
  /** Character that escapes the next one in a quoted value. @default the quote, which is doubled */
  readonly escape?: string;
  /** Character at the start of comment lines. @default no comments */
  readonly comment?: string;
}

/**
 * Returns the values of one record; undefined if it is not CSV. A quoted value must end with its quote, directly before
 * a delimiter or the record's end. A quote inside a value that does not begin with one is an ordinary character.
 */
export function splitCsv(record: string, format: CsvFormat): string[] | undefined {
  const values: string[] = [];
  return splitInto(values, record, format) === -1 ? undefined : values;
}

/** Writes the values of a record over the contents of a list. Returns their number, or -1 if it is not CSV. */
export function splitInto(values: string[], record: string, { delimiter, quote, escape = quote }: CsvFormat): number {
  let count = 0;
  for (let at = 0; ;) {
    if (quote === "" || record[at] !== quote) {
      const end = record.indexOf(delimiter, at);
      values[count++] = record.slice(at, end === -1 ? undefined : end);
      if (end === -1) return count;
      at = end + 1;
      continue;
    }
    const end = closingQuote(record, at + 1, quote, escape);
    if (end === -1) return -1;
    values[count++] = unescaped(record.slice(at + 1, end), quote, escape);
    at = end + 1;
    if (at === record.length) return count;
    if (record[at++] !== delimiter) return -1;
  }
}

/** Whether a record continues after this line because a quoted value is open at its end. */
export function isOpen(line: string, open: boolean, format: CsvFormat): boolean {
  const { delimiter, quote, escape = quote } = format;
  if (quote === "" || (!open && !line.includes(quote))) return false;
  for (let at = 0; ;) {
    if (open || line[at] === quote) {
      const end = closingQuote(line, open ? at : at + 1, quote, escape);
      if (end === -1) return true;
      at = end;
    }
    open = false;
    at = line.indexOf(delimiter, at);
    if (at === -1) return false;
    at++;
  }
}

/** Whether there is a carriage return between values of a line, which is not allowed if line feeds end lines. */
export function hasReturn(line: string, { quote }: CsvFormat): boolean {
  if (!line.includes("\r")) return false;
  const outside = quote === "" ? [line] : line.split(quote).filter((_, index) => index % 2 === 0);
  return outside.some((text) => /\r+[^\r]/.test(text));
}

/**
 * Position of the quote that closes a value whose text begins at `from`, or -1. An escaped quote is part of the value.
 */
function closingQuote(text: string, from: number, quote: string, escape: string): number {
  if (escape !== quote) return closingUnescaped(text, from, quote, escape);
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 2)) {
    if (text[at + 1] !== quote) return at;
  }
  return -1;
}

function closingUnescaped(text: string, from: number, quote: string, escape: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === escape) at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

/** The content of a quoted value, without its escapes. */
export function unescaped(value: string, quote: string, escape: string): string {
  if (!value.includes(escape)) return value;
  if (escape === quote) return value.replaceAll(quote + quote, quote);
  let text = "";
  for (let at = 0; ;) {
    const next = value.indexOf(escape, at);
    if (next === -1) return text + value.slice(at);
    text += value.slice(at, next) + value.slice(next + 1, next + 2);
    at = next + 2;
  }
}
