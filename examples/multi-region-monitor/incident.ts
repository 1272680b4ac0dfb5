/** What `npm start` simulates: a database outage, seen in two regions. */

/** Lines that are written to topics at once, or minutes that pass. */
export type Step =
  | { readonly tell: string; readonly lines: Readonly<Record<string, readonly string[]>> }
  | { readonly tell: string; readonly minutes: number };

/** One incident, from its first line until it is over. */
export function incident(): readonly Step[] {
  return [
    {
      tell: "orders cannot reach its database: 3 of 8 requests fail in Singapore, and 3 of 8 in Guangzhou",
      lines: { "access-singapore": [...well(5), ...away(3)], "access-guangzhou": [...well(5), ...away(3)] },
    },
    { tell: "payments runs out of memory in Guangzhou", lines: { "access-guangzhou": [...well(2), OUT_OF_MEMORY] } },
    {
      tell: "the failures continue in both regions",
      lines: { "access-singapore": [...well(30), ...away(40)], "access-guangzhou": [...well(30), ...away(60)] },
    },
    { tell: "the database recovers, and the failures stop", minutes: 6 },
  ];
}

const PATHS = ["/", "/tea", "/cups", "/pots", "/orders"];

const OUT_OF_MEMORY = line("payments", "POST", "/charge", 500, 1.204, "java.lang.OutOfMemoryError: Java heap space");

function well(count: number): string[] {
  return Array.from({ length: count }, (_, at) =>
    line("shop", "GET", PATHS[at % PATHS.length], at % 7 === 6 ? 304 : 200, 0.02 + at / 1000, "ok"),
  );
}

function away(count: number): string[] {
  return Array.from({ length: count }, (_, at) =>
    line("orders", "POST", "/orders", 503, 0.8 + at / 100, "no connection to the database"),
  );
}

function line(
  service: string,
  method: string,
  path: string,
  status: number,
  request_time: number,
  message: string,
): string {
  return JSON.stringify({ service, method, path, status, request_time, message });
}
