import { setTimeout as wait } from "node:timers/promises";
import { keepWatching } from "../../../cli/tail/watch";
import { RENEW_MS, WATCH_MS } from "../../../functions/live/watch-flag";
import { TestServer } from "../../functions/support/http-server";

const HOUR_MS = 3_600_000;

it("renews the flag in time, by COS's time, where this machine's clock is set back while COS answers", async () => {
  const { now } = Date;
  const server = await TestServer.start();
  const before = { ...process.env };
  process.env.COS_ENDPOINT = server.url;
  const times: number[] = [];
  server.answer = ({ body }, index) => {
    const { until } = JSON.parse(body.toString()) as { until: number };
    times.push(until - now());
    if (index === 0) Date.now = () => now() - HOUR_MS;
    return { headers: { date: new Date(now()).toUTCString() }, afterMs: 200 };
  };
  const ending = new AbortController();
  const failed = jest.fn();
  try {
    const watching = keepWatching(
      { region: "ap-guangzhou", namespace: "default", function: "orders" },
      { bucket: "live-1250000000", region: "ap-guangzhou" },
      { credentials: () => ({ secretId: "AKIDtail", secretKey: "key" }), signal: ending.signal, failed },
    );
    await wait(RENEW_MS + 3_000);
    ending.abort(new Error("enough"));
    await watching;
  } finally {
    Date.now = now;
    process.env = before;
    await server.stop();
  }
  expect(failed).not.toHaveBeenCalled();
  // Once, again by the time that COS told, and once more 20 s later.
  expect(times).toHaveLength(3);
  for (const ms of times) expect(Math.abs(ms - WATCH_MS)).toBeLessThan(2_000);
});
