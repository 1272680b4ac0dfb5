import type { Language } from "./runtime";

/** Ways in which a handler ends, as named in its event; all of them first write to both streams. */
export const ENDS: Readonly<Record<Language, readonly string[]>> = {
  node: ["returns", "rejects", "returns late", "calls back", "calls back with an error", "throws", "returns at once"],
  python: ["returns", "raises", "returns late", "returns none"],
};

/** A handler that writes, and ends as its event says. */
export const HANDLERS: Readonly<Record<Language, string>> = {
  node: `
console.log("loads");
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ends = {
  "returns": async (event) => ({ got: event.n }),
  "rejects": async (event) => { throw new RangeError("refused " + event.n); },
  "returns late": async (event) => { await wait(220); console.log("late", event.n); return [event.n]; },
  "calls back": (event, context, callback) => void setTimeout(() => callback(null, { called: event.n }), 5),
  "calls back with an error": (event, context, callback) => void setTimeout(() => callback(new TypeError("no " + event.n)), 5),
  "throws": (event) => { throw new SyntaxError("thrown " + event.n); },
  "returns at once": (event, context, callback) => { callback(null, event.n); },
};
exports.main_handler = (event, context, callback) => {
  console.log("begins", event.n);
  process.stdout.write(Buffer.from([0xe5, 0x8d]));
  process.stdout.write(Buffer.from([0x95, 10, 0xff, 10]));
  console.error("to stderr %d", event.n);
  process.stderr.write("x".repeat(9000) + "\\n");
  console.warn({ n: event.n });
  process.stdout.write("no end");
  return ends[event.end](event, context, callback);
};`,
  python: `
import logging, sys, threading, time, warnings

print("loads")

def main_handler(event, context):
    n, end = event["n"], event["end"]
    print("begins", n, flush=True)
    sys.stdout.buffer.write(b"\\xe5\\x8d")
    sys.stdout.buffer.write(b"\\x95\\n\\xff\\n")
    sys.stdout.flush()
    logging.error("to stderr %d", n)
    sys.stderr.write("x" * 9000 + "\\n")
    thread = threading.Thread(target=print, args=("thread", n))
    thread.start()
    thread.join()
    warnings.warn("warned %d" % n)
    sys.stdout.write("no end")
    if end == "raises":
        raise ValueError("refused %d" % n)
    if end == "returns late":
        time.sleep(0.22)
        print("late", n)
    return {"returns": {"got": n}, "returns late": [n]}.get(end)
`,
};
