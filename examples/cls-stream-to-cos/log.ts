/** Twenty minutes of an access log: the same lines every time, some of them broken as in real logs. */

/** The number of lines, and the time that they span. */
const LINES = 5000;
const SPAN_MS = 20 * 60 * 1000;
const START_MS = Date.UTC(2026, 0, 15, 8, 0, 0);

const PATHS = ["/", "/api/orders", "/api/orders/8812", "/images/logo.png", "/search?q=灯笼", "/login", "/健康"];
const AGENTS = ["curl/8.5.0", "Mozilla/5.0 (X11; Linux x86_64)", "okhttp/4.12.0", "监控探针/1.2"];
const STATUSES = [200, 200, 200, 200, 200, 204, 301, 304, 404, 500];

/** The lines of the log, without line ends. */
export function* lines(): Generator<string> {
  const random = generator(20260115);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)];
  for (let number = 0; number < LINES; number++) {
    const line = JSON.stringify({
      time: START_MS + Math.floor((number * SPAN_MS) / LINES),
      remote_addr: `203.0.113.${Math.floor(random() * 256)}`,
      method: random() < 0.8 ? "GET" : "POST",
      path: pick(PATHS),
      status: pick(STATUSES),
      bytes: Math.floor(random() * 20_000),
      request_time: Math.round(random() * 900) / 1000,
      user_agent: pick(AGENTS),
    });
    // About one line in a hundred is not a record: cut off by a restart, or written by something else.
    const fate = random();
    if (fate < 0.005) yield line.slice(0, Math.floor(random() * (line.length - 2)) + 1);
    else if (fate < 0.01) yield "nginx: worker process is shutting down";
    else yield line;
  }
}

/** Numbers from 0 to 1 that depend on the seed only (a linear congruential generator). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
