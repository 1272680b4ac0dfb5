import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Workers, workersOf } from "../../../cli/consume/workers";
import { Operated } from "../../../cli/operate/process";
import { until } from "../../functions/consume/support";

jest.setTimeout(30_000);

/** A worker that reports, and leaves when it is told to; the second one says that nobody can go on. */
const SCRIPT = `
const { appendFileSync, readFileSync } = require("node:fs");
const [log, life] = process.argv.slice(2);
appendFileSync(log, process.pid + "\\n");
const send = () => process.connected && process.send({ numbers: { counts: {}, delays: [], delaySum: 0 }, sources: [] });
process.on("SIGTERM", () => process.exit(0));
send();
setInterval(send, 50);
const isSecond = readFileSync(log, "utf8").trim().split("\\n").length === 2;
if (life === "final" && isSecond) process.send({ final: "offset 7 is kept no more" }, () => process.exit(1));
`;

const folder = mkdtempSync(join(tmpdir(), "workers-"));
const script = join(folder, "worker.js");
writeFileSync(script, SCRIPT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(life: string) {
  let said = "";
  const console = { stdout: { write: () => true }, stderr: { write: (text: string) => void (said += text) } };
  const operated = new Operated(console, () => []);
  const log = join(folder, life);
  const ending = new AbortController();
  const workers = new Workers([log, life], operated, { script, hungMs: 2_000, againMs: 50, leavingMs: 500 });
  const ended = workers.run(2, ending.signal).finally(() => operated.close());
  const pids = (): number[] => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").map(Number) : []);
  return { ending, ended, pids, said: () => said };
}

test("auto is as many workers as partitions need and the machine allows, and one at least", () => {
  expect(workersOf("7", 2)).toBe(7);
  expect([0, 1].map((partitions) => workersOf("auto", partitions))).toEqual([1, 1]);
  const many = workersOf("auto", 10_000);
  expect(many).toBeGreaterThanOrEqual(1);
  expect(many).toBeLessThanOrEqual(availableParallelism());
});

test("a worker that is stopped is ended and begun anew; one that is stopped while all leave keeps nobody", async () => {
  const { ending, ended, pids, said } = start("hangs");
  await until(() => pids().length === 2, "two workers");
  process.kill(pids()[0], "SIGSTOP");
  await until(() => pids().length === 3, "another one", 20_000);
  expect(said()).toMatch(
    /worker [12] has not responded for 2 s; killing it\n.*worker [12] exited with a signal; starting another/s,
  );
  expect(() => process.kill(pids()[0], 0)).toThrow("ESRCH");
  process.kill(pids()[2], "SIGSTOP");
  ending.abort(new Error("told to end"));
  expect(await ended).toBe(1);
  for (const pid of pids()) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("where one says that nobody can go on none is begun anew, and the others leave", async () => {
  const { ended, pids, said } = start("final");
  expect(await ended).toBe(1);
  expect(pids()).toHaveLength(2);
  expect(said()).toMatch(/worker [12] failed for good, stopping the others: offset 7 is kept no more/);
});
