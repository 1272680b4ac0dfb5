import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compiled, Event, events, SEVEN_LINES } from "../lib/rules-events.mjs";

const EVENTS = 100_000;

/** A Python interpreter with aliyun-log-python-sdk. */
const PYTHON = process.env.BENCH_PYTHON ?? "python3";
const hasEngine = spawnSync(PYTHON, ["-c", "import aliyun.log.etl_core"]).status === 0;

/** The seven-line rule on events with twenty fields in memory; only the engines are measured. */
export default {
  name: `rules, ${EVENTS / 1000} thousand events`,
  ours: () => {
    const rules = compiled(SEVEN_LINES);
    const all = events(EVENTS);
    return () => {
      let left = 0;
      // The Python engine does not copy, so the copies are not counted.
      for (const fields of all) {
        for (const { output } of rules.run(new Event(fields)).emitted) if (output === "main") left++;
      }
      return `${left} events`;
    };
  },
  rivals: hasEngine ? [{ name: "aliyun-log-python-sdk (etl_core)", atLeast: 10, open: python }] : [],
};

async function python() {
  const child = spawn(PYTHON, [fileURLToPath(new URL("../lib/python/run.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(events(EVENTS))}\n`);
  await lines.next();
  return async () => {
    child.stdin.end("go\n");
    return `${(await lines.next()).value} events`;
  };
}
