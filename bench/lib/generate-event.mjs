import { writeFileSync, existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { accessLines } from "./generate.mjs";

/** Maximum bytes of base64 in an event of SCF, without its envelope. */
const MOST_BASE64 = 127 * 1024;
const VERSION = 1;

/**
 * A file with the event of a CLS trigger: as many packed lines of the access log as fit into an event of SCF, each an
 * object of strings as text, with its time next to it. Created at first use, then cached; the same on every machine.
 */
export function deliveredEvent() {
  const path = join(tmpdir(), "cdktf-tencent-logs-bench", `event-v${VERSION}.json`);
  if (!existsSync(path)) {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, JSON.stringify({ clslogs: { data: largestThatFits() } }));
  }
  return { path };
}

function largestThatFits() {
  const lines = accessLines();
  const records = Array.from({ length: 20_000 }, () => logOf(JSON.parse(lines.next().value)));
  let [fits, tooMany] = [1, records.length];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (pack(records.slice(0, middle)).length <= MOST_BASE64) fits = middle;
    else tooMany = middle;
  }
  return pack(records.slice(0, fits));
}

function logOf({ __TIMESTAMP__: milliseconds, ...fields }) {
  return { timestamp: `${milliseconds}000`, content: JSON.stringify(fields) };
}

function pack(records) {
  const body = { topic_id: "topic-1", topic_name: "access", records };
  return gzipSync(JSON.stringify(body)).toString("base64");
}
