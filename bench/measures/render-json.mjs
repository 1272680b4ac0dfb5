import { openSync, writeSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const LINES = 30_000;
const ROUNDS = 10;
const START = Date.UTC(2026, 7, 20);

/** JSON lines in pino's format, one of a hundred with an error. */
function logLines() {
  return Array.from({ length: LINES }, (_, n) => {
    const common = { level: n % 10 === 0 ? 40 : 30, time: START + n, pid: 42, hostname: "scf" };
    const own = { orderId: `o-${n}`, customer: { id: n % 977, tier: "gold" }, ms: n % 250, ok: n % 10 !== 0 };
    const stack = "TypeError: card refused\n    at charge (/var/user/index.js:12:9)";
    const error = n % 100 === 0 ? { level: 50, err: { type: "TypeError", message: "card refused", stack } } : {};
    return JSON.stringify({ ...common, ...own, ...error, msg: `order ${n} accepted` });
  });
}

/** The tail's rendering of each line, and the tools that people pipe JSON logs through, called in their fastest way. */
export default {
  name: "rendering 300,000 JSON lines",
  ours: () => {
    const { Renderer } = require("../../dist/cli/tail/render.js");
    const options = { hasColors: true, showsLag: false, namesRegion: false, namesNamespace: false, nameWidth: 6 };
    const renderer = new Renderer(options);
    return rendering((text, n) => renderer.render(lineEvent(text, n)));
  },
  rivals: [
    {
      name: "pino-pretty",
      atLeast: 3,
      open: async () => {
        const { prettyFactory } = await import("pino-pretty");
        const pretty = prettyFactory({ colorize: true });
        return rendering((text) => pretty(text));
      },
    },
  ],
};

/** A line as the merge passes it on. */
function lineEvent(text, n) {
  return {
    type: "line",
    region: "ap-guangzhou",
    namespace: "default",
    function: "orders",
    version: "$LATEST",
    instance: "4c1e4c1e4c1e4c1e",
    seq: n,
    requestId: "0b6e9c1e",
    time: (START + n) * 1000,
    level: "info",
    stream: "stdout",
    text,
    lane: "fast",
    lagMs: 0,
  };
}

/** Renders and writes; every hundredth line is checked, to ensure that all show what was logged. */
function rendering(render) {
  const lines = logLines();
  const output = openSync("/dev/null", "w");
  return () => {
    let [right, waiting] = [0, ""];
    for (let round = 0; round < ROUNDS; round++) {
      for (let n = 0; n < LINES; n++) {
        const shown = render(lines[n], n);
        if (n % 100 === 0 && shown.includes(`order ${n} accepted`) && shown.includes("at charge")) right++;
        waiting += shown;
        if (waiting.length > 65_536) waiting = write(output, waiting);
      }
    }
    write(output, waiting);
    return `${ROUNDS * LINES} lines, of ${right} errors the stack`;
  };
}

function write(output, text) {
  writeSync(output, text);
  return "";
}
