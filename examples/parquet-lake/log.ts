/** Two hours of an access log: the same lines every time, some of them not records. */

/** The number of lines, and the time that they span. */
const LINES = 4000;
const SPAN_MS = 2 * 60 * 60 * 1000;
const START_MS = Date.UTC(2026, 0, 15, 8, 0, 0);

const PATHS = ["/", "/api/orders", "/images/logo.png", "/search?q=灯笼", "/login"];
const STATUSES = [200, 200, 200, 200, 204, 301, 404, 500];

/** The lines of the log, without line ends. */
export function* lines(): Generator<string> {
  for (let number = 0; number < LINES; number++) {
    const time = START_MS + Math.floor((number * SPAN_MS) / LINES);
    if (number % 500 === 499) yield "nginx: worker process is shutting down";
    else yield JSON.stringify({ time, ...request(number) });
  }
}

/** A request that depends on its number only. */
function request(number: number): object {
  const turn = Math.imul(number, 2654435761) >>> 0;
  return {
    remote_addr: `203.0.113.${turn % 256}`,
    method: turn % 5 === 0 ? "POST" : "GET",
    path: PATHS[turn % PATHS.length],
    status: STATUSES[(turn >>> 8) % STATUSES.length],
    bytes: (turn >>> 4) % 20_000,
    request_time: ((turn >>> 6) % 900) / 1000,
    // No column has this name: it is in _rest.
    user_agent: turn % 2 === 0 ? "curl/8.5.0" : "okhttp/4.12.0",
  };
}
