import { EventEmitter } from "node:events";
import type { TailArguments } from "../../../cli/tail/arguments";
import { tailArguments } from "../../../cli/tail/arguments";
import type { LineEvent } from "../../../cli/tail/events";
import { Output } from "../../../cli/tail/output";

const LINE: LineEvent = {
  ...{ type: "line", region: "ap-guangzhou", namespace: "default", function: "orders", version: "$LATEST" },
  ...{ instance: "4c1e", seq: 1, requestId: "r-1", time: 0, level: "info", stream: "stdout", text: "a line" },
  ...{ lane: "fast", lagMs: 1 },
};

it("waits once for a reader that is slow, however much it writes meanwhile", async () => {
  const stdout = Object.assign(new EventEmitter(), { isFull: true, write: () => !stdout.isFull });
  const args = tailArguments(["orders", "--json"]) as TailArguments;
  const output = new Output(args, [], { stdout, stderr: { write: () => undefined } }, {});
  for (let count = 0; count < 100; count++) output.write(LINE);
  expect(stdout.listenerCount("drain")).toBe(1);
  let isReady = false;
  const ready = output.ready().then(() => (isReady = true));
  await new Promise(setImmediate);
  expect(isReady).toBe(false);
  stdout.isFull = false;
  stdout.emit("drain");
  await ready;
  output.write(LINE);
  await output.ready();
  expect(stdout.listenerCount("drain")).toBe(0);
});
