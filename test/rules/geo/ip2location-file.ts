/** A row: the first address of IPv4 as a number, the country's two letters and name, and what comes after. */
export type Row = readonly [first: number, code: string, country: string, ...rest: (string | number)[]];

/** The BIN file of a product of IP2Location, with an index of none. Numbers are coordinates. */
export function ip2LocationFile(product: number, rows: readonly Row[]): Buffer {
  const columns = rows[0].length - 1;
  const header = Buffer.alloc(64);
  header[0] = product;
  header[1] = columns;
  header.writeUInt32LE(rows.length, 5);
  header.writeUInt32LE(header.length + 1, 9);
  const table = Buffer.alloc((rows.length + 1) * columns * 4);
  const texts: Buffer[] = [];
  let end = header.length + table.length;
  const store = (...parts: string[]) => {
    const start = end;
    for (const part of parts) {
      const bytes = Buffer.from(part);
      texts.push(Buffer.from([bytes.length]), bytes);
      end += 1 + bytes.length;
    }
    return start;
  };
  rows.forEach(([first, code, country, ...rest], index) => {
    const row = index * columns * 4;
    table.writeUInt32LE(first, row);
    table.writeUInt32LE(store(code, country), row + 4);
    rest.forEach((value, column) => {
      const at = row + 8 + column * 4;
      if (typeof value === "number") table.writeFloatLE(value, at);
      else table.writeUInt32LE(store(value), at);
    });
  });
  table.writeUInt32LE(0xffff_ffff, rows.length * columns * 4);
  return Buffer.concat([header, table, ...texts]);
}
