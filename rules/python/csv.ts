import { fail } from "../run/values";

/** How the fields of a line are told apart. */
export interface CsvDialect {
  /** One character. */
  readonly separator: string;
  /** One character; doubled within quotes it stands for itself. */
  readonly quote: string;
}

/** The dialect, checked. */
export function csvDialect(separator: string, quote: string): CsvDialect {
  for (const [what, character] of Object.entries({ separator, quote })) {
    if (Array.from(character).length !== 1) {
      fail(`The ${what} of CSV must be one character, got ${JSON.stringify(character.slice(0, 100))}`);
    }
  }
  return { separator, quote };
}

/**
 * The fields of one line as Python's `csv.reader` reads them: a quote opens a field only where it begins, spaces before a
 * field go with `skipsSpace`. Fails for a line break outside of quotes that is not at the end.
 */
export function parseCsvLine(line: string, { separator, quote }: CsvDialect, skipsSpace = true): string[] {
  if (line === "") return [];
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    while (skipsSpace && line[at] === " ") at++;
    let field = "";
    if (line.startsWith(quote, at)) [field, at] = quoted(line, at + quote.length, quote);
    const [rest, end] = unquoted(line, at, separator);
    fields.push(field + rest);
    if (!line.startsWith(separator, end)) return fields;
    at = end + separator.length;
  }
}

/** The inside of quotes and where it ends; without a closing one, all that follows. */
function quoted(line: string, start: number, quote: string): [string, number] {
  let field = "";
  for (let from = start; ;) {
    const end = line.indexOf(quote, from);
    if (end < 0) return [field + line.slice(from), line.length];
    field += line.slice(from, end);
    from = end + quote.length;
    if (!line.startsWith(quote, from)) return [field, from];
    field += quote;
    from += quote.length;
  }
}

const LINE_BREAK = /[\r\n]/;

/** What stands before the next separator. */
function unquoted(line: string, start: number, separator: string): [string, number] {
  const found = line.indexOf(separator, start);
  const end = found < 0 ? line.length : found;
  const field = line.slice(start, end);
  const lineBreak = field.search(LINE_BREAK);
  if (lineBreak < 0) return [field, end];
  if (/[^\r\n]/.test(line.slice(start + lineBreak))) {
    fail(`CSV must be one line, got a line break outside of quotes at ${start + lineBreak}`);
  }
  return [field.slice(0, lineBreak), line.length];
}

/** One line of CSV as Python's `csv.writer` writes it, without a line end: quotes only where a field needs them. */
export function csvLine(fields: readonly string[], { separator, quote }: CsvDialect): string {
  if (fields.length === 1 && fields[0] === "") return quote + quote;
  return fields
    .map((field) => {
      const isQuoted = field.includes(separator) || field.includes(quote) || LINE_BREAK.test(field);
      return isQuoted ? quote + field.replaceAll(quote, () => quote + quote) + quote : field;
    })
    .join(separator);
}
