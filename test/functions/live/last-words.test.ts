import { encodeRecords } from "../../../functions/live/encode";
import { flagRequest } from "../../../functions/live/flag";
import { sendLastWords } from "../../../functions/live/last-words";
import { uploadRequest } from "../../../functions/live/upload";
import { LiveCloud } from "../../live/support/live-cloud";

const ORIGIN = { function: "orders", namespace: "default", version: "1", instance: "0123456789abcdef" };
const PLACE = { bucket: "live-1250000000", region: "ap-guangzhou", ...ORIGIN };
const during = { requestId: "request-1", run: 1 };

let cloud: LiveCloud;
const before = { ...process.env };
beforeEach(async () => {
  cloud = await LiveCloud.start();
  Object.assign(process.env, cloud.environment());
});
afterEach(async () => {
  process.env = { ...before };
  await cloud.stop();
});

function upload() {
  const line = {
    kind: "line" as const,
    during,
    times: [5_000],
    texts: ["last"],
    bytes: 4,
    seq: 1,
    stream: "stdout" as const,
  };
  return uploadRequest({ topic: "live-topic", region: "ap-guangzhou" }, encodeRecords([line], ORIGIN, 1));
}

/** This process lives on, and so does the thread: here it may take longer than the process waits. */
it("sends from another thread, for which it waits 100 ms at most", async () => {
  const startedAt = performance.now();
  sendLastWords(upload());
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  await cloud.comes("the line", () => cloud.texts().includes("last"));
});

it("asks the flag first where nobody knows it", async () => {
  sendLastWords(upload(), flagRequest(PLACE));
  await cloud.comes("the look", () => cloud.requests.length === 1);
  cloud.watch();
  sendLastWords(upload(), flagRequest(PLACE));
  await cloud.comes("the line", () => cloud.texts().includes("last"));
  expect(cloud.requests.map(({ step, status }) => [step, status])).toEqual([
    ["flag", 404],
    ["flag", 200],
    ["topic", 200],
  ]);
});
