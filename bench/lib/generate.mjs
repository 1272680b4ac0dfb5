import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createGzip } from "node:zlib";

/** Increase it when the lines change, so that old files are not used. */
const VERSION = 2;
const MIB = 1024 * 1024;

/**
 * A gzip file of `mib` MiB of access log lines as CLS ships them; created at first use, then cached in the machine's
 * temporary folder. The lines are the same on every machine.
 */
export function accessLog(mib) {
  return logFile("access", accessLines(), mib);
}

/** The same with lines of many kinds, including short ones, long ones and lists of numbers. */
export function mixedLog(mib) {
  return logFile("mixed", mixedLines(), mib);
}

/** The same with long lines that contain nested values and escapes. */
export function nestedLog(mib) {
  return logFile("nested", nestedLines(), mib);
}

/** The same with lines of about fifty bytes. */
export function shortLog(mib) {
  return logFile("short", shortLines(), mib);
}

/** The access log with errors in one of ten thousand lines. */
export function rareLog(mib) {
  return logFile("rare", rareLines(), mib);
}

/** The same with texts that cannot be compressed. */
export function randomLog(mib) {
  return logFile("random", randomLines(), mib);
}

/** The access log as CSV with column names in the first row; most rows have a quoted value, the user agent. */
export function csvLog(mib) {
  return logFile("csv", csvLines(accessLines()), mib);
}

/** Short lines as CSV without quoted values. */
export function plainCsvLog(mib) {
  return logFile("csv-plain", csvLines(shortLines()), mib);
}

/** The four kinds of logs by name, with 378, 229, 1,248 and 51 bytes per line. */
export const LOGS = { access: accessLog, mixed: mixedLog, nested: nestedLog, short: shortLog };

export async function logFile(name, lines, mib) {
  const folder = join(tmpdir(), "cdktf-tencent-logs-bench");
  const path = join(folder, `${name}-${mib}-v${VERSION}.gz`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const draft = `${path}.${process.pid}`;
    await write(draft, lines, mib * MIB);
    renameSync(draft, path);
  }
  return { mib, path, packedBytes: statSync(path).size };
}

async function write(path, lines, bytes) {
  const gzip = createGzip();
  const file = gzip.pipe(createWriteStream(path));
  for (let written = 0; written < bytes;) {
    let text = "";
    while (text.length < MIB / 4) text += lines.next().value;
    const block = Buffer.from(text);
    written += block.length;
    if (!gzip.write(block)) await once(gzip, "drain");
  }
  gzip.end();
  await once(file, "close");
}

const METHODS = ["GET", "GET", "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD"];
const STATUSES = ["200", "200", "200", "200", "200", "200", "200", "304", "204", "301", "404", "403", "500", "502"];
const HOSTS = ["api.example.com", "www.example.com", "static.example.com", "img.example.cn"];
const PAGES = [
  "index",
  "orders",
  "users/profile",
  "cart",
  "search",
  "assets/app",
  "health",
  "v2/items",
  "login",
  "商品/详情",
];
const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36",
  "curl/8.7.1",
  "okhttp/4.12.0",
  "Go-http-client/2.0",
];

/** Endless nginx lines in the format of a CLS shipper with values as strings; one of ten contains Chinese. */
export function* accessLines(seed = 42) {
  const random = mulberry32(seed);
  const below = (limit) => Math.floor(random() * limit);
  const pick = (list) => list[below(list.length)];
  const hex = () =>
    below(2 ** 32)
      .toString(16)
      .padStart(8, "0");
  let time = Date.UTC(2026, 7, 20);
  for (;;) {
    time += below(12);
    const record = {
      __TIMESTAMP__: time,
      __SOURCE__: `10.0.${below(4)}.${below(64)}`,
      __FILENAME__: "/data/log/nginx/access.log",
      remote_addr: `${below(220)}.${below(256)}.${below(40)}.${below(256)}`,
      method: pick(METHODS),
      host: pick(HOSTS),
      uri: `/${pick(PAGES)}?id=${below(90_000)}`,
      status: pick(STATUSES),
      body_bytes_sent: String(below(60_000)),
      request_time: (below(2000) / 1000).toFixed(3),
      http_user_agent: pick(AGENTS),
      request_id: hex() + hex(),
    };
    yield `${JSON.stringify(record)}\n`;
  }
}

/** Endless lines of 1,200 random characters in four fields. */
function* randomLines(seed = 44) {
  const random = mulberry32(seed);
  const text = () => Buffer.from(Uint32Array.from({ length: 56 }, () => random() * 2 ** 32).buffer).toString("base64");
  for (let time = Date.UTC(2026, 7, 20); ; time += 7) {
    yield `${JSON.stringify({ __TIMESTAMP__: time, a: text(), b: text(), c: text(), d: text() })}\n`;
  }
}

function* rareLines() {
  let number = 0;
  for (const line of accessLines())
    yield ++number % 10_000 === 0 ? line.replace('"uri":"/', '"uri":"/OutOfMemoryError/') : line;
}

/** Endless lines of twelve kinds, in an unpredictable order. */
export function* mixedLines(seed = 43) {
  const random = mulberry32(seed);
  const below = (limit) => Math.floor(random() * limit);
  const access = accessLines(seed);
  const numbers = (count) => Array.from({ length: count }, () => below(1_000_000) / 1000);
  const kinds = [
    () => JSON.parse(access.next().value),
    () => JSON.parse(access.next().value),
    () => ({ level: "info", message: `job ${below(1e6)} is done`, ms: below(5000) }),
    () => ({ level: "error", message: `line one\n\tat module.js:${below(900)}`, code: below(20) }),
    () => ({ metric: "latency", samples: numbers(60) }),
    () => ({ metric: "sizes", samples: numbers(1 + below(20)) }),
    () => ({ n: below(10) }),
    () => ({ ok: random() < 0.5, user: { id: below(1e6), name: `名字${below(100)}` } }),
    () => ({
      trace: below(2 ** 31).toString(16),
      spans: Array.from({ length: below(6) }, (_, id) => ({ id, ms: below(99) })),
    }),
    () => Object.fromEntries(Array.from({ length: 1 + below(12) }, () => [`key${below(40)}`, String(below(1e4))])),
    () => ({ text: "x".repeat(below(2000)) }),
    () => ({ a: null, b: [], c: {}, d: [[below(9)]] }),
  ];
  for (;;) yield `${JSON.stringify(kinds[below(kinds.length)]())}\n`;
}

/** Endless error reports, with the labels of a cluster's collector. */
export function* nestedLines(seed = 44) {
  const random = mulberry32(seed);
  const below = (limit) => Math.floor(random() * limit);
  const pick = (list) => list[below(list.length)];
  const hex = () => below(2 ** 31).toString(16);
  let time = Date.UTC(2026, 7, 20);
  for (;;) {
    time += below(50);
    const id = hex() + hex();
    const at = (file) => `\n\tat ${file}.js:${below(900)}:${below(80)}`;
    const record = {
      time,
      level: pick(["error", "warn"]),
      message: `step "${pick(PAGES)}" failed${at("orders/place")}${at("orders/check")}${at("http/router")}`,
      request: {
        method: pick(METHODS),
        url: `/${pick(PAGES)}?id=${below(90_000)}`,
        headers: { host: pick(HOSTS), "user-agent": pick(AGENTS), accept: "application/json", "x-request-id": id },
        body: {
          items: Array.from({ length: 5 }, () => ({
            id: below(1e6),
            name: `item ${below(99)}`,
            price: below(1e5) / 100,
          })),
          note: 'leave it at the "door"',
        },
      },
      response: { status: pick([500, 502, 503, 504]), took: below(3000), retries: [below(100), below(200)] },
      kubernetes: {
        pod: `shop-${hex()}`,
        namespace: "shop",
        node: `10.0.${below(4)}.${below(64)}`,
        labels: { app: "shop", tier: "backend", version: `v${below(9)}`, "app.kubernetes.io/managed-by": "Helm" },
        annotations: { "prometheus.io/scrape": "true", checksum: Array.from({ length: 26 }, hex).join("") },
      },
      tags: ["shop", pick(HOSTS), "生产"],
      attempt: below(5),
      sampled: random() < 0.5,
      parent: null,
    };
    yield `${JSON.stringify(record)}\n`;
  }
}

/** Endless short lines of one kind. */
export function* shortLines(seed = 45) {
  const random = mulberry32(seed);
  const below = (limit) => Math.floor(random() * limit);
  for (let t = 1_787_000_000; ; t += below(2)) {
    const level = ["info", "info", "info", "warn", "error"][below(5)];
    yield `${JSON.stringify({ t, level, n: below(1000), ok: below(2) === 0 })}\n`;
  }
}

/** The values of objects of one shape, in the format of RFC 4180. */
function* csvLines(lines) {
  let columns;
  for (const line of lines) {
    const record = JSON.parse(line);
    if (!columns) yield `${(columns = Object.keys(record)).join(",")}\n`;
    yield `${columns.map((name) => csvValue(String(record[name]))).join(",")}\n`;
  }
}

function csvValue(text) {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Random numbers that are the same in every run; public domain, by Tommy Ettinger. */
function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
