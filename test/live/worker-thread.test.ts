import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

const START = join(__dirname, "../../dist/functions/live/start.js");

it("in a worker thread no second reporter starts: its lines come through the main thread's streams", async () => {
  const code = `
    const { parentPort, workerData } = require("node:worker_threads");
    const { startReporter } = require(workerData.start);
    parentPort.postMessage(startReporter(workerData.environment) === undefined);
  `;
  const settings = { topic: "topic-1", bucket: "b-1250000000", region: "ap-guangzhou", handler: "index.main_handler" };
  const environment = { LOGS_LIVE: JSON.stringify(settings), SCF_FUNCTIONNAME: "orders" };
  const worker = new Worker(code, { eval: true, workerData: { start: START, environment } });
  const [isNone] = (await once(worker, "message")) as [boolean];
  await worker.terminate();
  expect(isNone).toBe(true);
});
