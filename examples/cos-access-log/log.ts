/** An hour of access logs of COS, in the layout that COS documents: the same lines every time, one of them truncated. */

/** The number of lines, and the time that they span. */
const LINES = 3000;
const SPAN_MS = 60 * 60 * 1000;
const START_MS = Date.UTC(2026, 0, 15, 8, 0, 0);

const BUCKET = "examplebucket-1250000000";
const HOST = `${BUCKET}.cos.ap-guangzhou.myqcloud.com`;

const PATHS = ["/index.html", "/images/logo.png", "/%E7%81%AF%E7%AC%BC.jpg", "/video/intro.mp4", "/gone.txt"];
const AGENTS = ['"Mozilla/5.0 (X11; Linux x86_64)"', "cos-go-sdk-v5.2.9", "curl/8.5.0"];

/** The lines of the log, without line ends. */
export function* lines(): Generator<string> {
  const random = generator(20260115);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)];
  for (let number = 0; number < LINES; number++) {
    const path = pick(PATHS);
    const isGone = path === "/gone.txt";
    const isCdn = random() < 0.3;
    const time = new Date(START_MS + Math.floor((number * SPAN_MS) / LINES)).toISOString().replace(".000Z", "Z");
    const ms = Math.floor(random() * 900);
    const sent = isGone ? 197 : Math.floor(random() * 200_000);
    const columns = [
      ...["1.0", BUCKET, "ap-guangzhou", time.replace(/\.\d+Z$/, "Z"), HOST, "GetObject"],
      ...[
        `203.0.113.${Math.floor(random() * 256)}`,
        "AKIDEXAMPLE0000000000000000000000001",
        "-",
        "0",
        "0",
        path,
        "GET",
      ],
      ...[pick(AGENTS), isGone ? "404" : "200", isGone ? "NoSuchKey" : "-"],
      ...[isGone ? '"The specified key does not exist."' : "-", String(sent), String(ms), isCdn ? "CDN" : "USER"],
      ...[isGone ? "-" : "STANDARD", "100000000001", String(Math.floor(ms / 2)), "100000000001:100000000002"],
      ...[
        `NjU${String(number).padStart(6, "0")}=`,
        isGone ? "-" : String(sent),
        "-",
        "-",
        "-",
        `"GET ${path} HTTP/1.1"`,
        "0",
      ],
    ];
    const line = columns.join(" ");
    yield number === 1234 ? line.slice(0, 150) : line;
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
