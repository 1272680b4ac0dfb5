import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { strToU8, zipSync } from "fflate";
import { tailArguments, type TailArguments } from "../../../cli/tail/arguments";
import type { ErrorEvent, TailEvent } from "../../../cli/tail/events";
import { wantedOf } from "../../../cli/tail/names";
import { TailSession } from "../../../cli/tail/session";
import { call } from "../../local/support/api";
import { closeClouds, failure, start } from "../../local/support/cloud";
import { makeTopic } from "../../functions/support/topics";

const BEFORE = { ...process.env };
afterEach(async () => {
  jest.useRealTimers();
  process.env = { ...BEFORE };
  await closeClouds();
});

/** A tail in this process. */
function session(args: readonly string[], key = { secretId: "AKIDtail", secretKey: "key" }) {
  const read = tailArguments([...args, "-r", "ap-guangzhou"]) as TailArguments;
  const events: TailEvent[] = [];
  const ending = new AbortController();
  const one = new TailSession({
    ...{ args: read, wanted: wantedOf(read), credentials: () => key, signal: ending.signal },
    tell: (event) => events.push(event),
    ready: () => Promise.resolve(),
  });
  const errors = (): ErrorEvent[] => events.filter((event): event is ErrorEvent => event.type === "error");
  return { run: () => one.run(), end: () => ending.abort(new Error("enough")), events, errors };
}

/** A server that takes connections and says nothing. */
async function silence(): Promise<{ server: Server; url: string; asked: Promise<unknown> }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, url, asked: once(server, "connection") };
}

it.each([
  ["the functions' configuration", ["orders"], "SCF_ENDPOINT"],
  ["the topic topic-of-orders", ["--topic", "topic-of-orders"], "CLS_ENDPOINT"],
])("says that nobody answers for %s, and waits", async (what, args, variable) => {
  const { server, url, asked } = await silence();
  process.env[variable] = url;
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] });
  const tail = session(args);
  const running = tail.run();
  const [socket] = (await asked) as [Socket];
  jest.advanceTimersByTime(14_900);
  expect(tail.errors()).toEqual([]);
  jest.advanceTimersByTime(200);
  const message = `no answer for ${what} for 15 s; still waiting`;
  expect(tail.errors()).toEqual([expect.objectContaining({ code: "NO_ANSWER", message, fatal: false })]);
  tail.end();
  await running;
  socket.destroy();
  server.close();
});

it("goes on when this machine's clock is set back meanwhile", async () => {
  const cloud = await start();
  const topic = makeTopic(cloud);
  process.env.CLS_ENDPOINT = cloud.endpoint;
  const tail = session(["--topic", topic.id], cloud.cam.ownerKey);
  const shows = async (text: string): Promise<void> => {
    await topic.put([{ time: cloud.clock.now(), contents: { text } }]);
    const isShown = (): boolean => tail.events.some((event) => event.type === "line" && event.text === text);
    for (const endsAt = performance.now() + 8_000; !isShown() && performance.now() < endsAt;) await wait(20);
    expect(tail.events).toContainEqual(expect.objectContaining({ type: "line", text }));
  };
  const running = tail.run();
  const { now } = Date;
  try {
    await wait(300);
    await shows("before");
    Date.now = () => now() - 3_600_000;
    await shows("after");
    await shows("later");
  } finally {
    Date.now = now;
    tail.end();
    await running;
  }
});

it("reads a topic by CLS's clock where this machine's is wrong, and says so", async () => {
  // Its clock stands in January 2026.
  const cloud = await start();
  const topic = makeTopic(cloud);
  await topic.put([{ time: cloud.clock.now(), contents: { text: "now" } }]);
  process.env.CLS_ENDPOINT = cloud.endpoint;
  const tail = session(["--topic", topic.id, "--since", "10m", "--no-follow"], cloud.cam.ownerKey);
  await tail.run();
  expect(tail.events).toContainEqual(expect.objectContaining({ type: "line", text: "now" }));
  expect(tail.errors()).toEqual([
    expect.objectContaining({ code: "CLOCK", message: expect.stringContaining("ahead of the cloud's") as string }),
  ]);
});

it("says of a function without a topic for its log which props give it one", async () => {
  const cloud = await start();
  const ZipFile = Buffer.from(zipSync({ "index.js": strToU8("exports.main_handler = () => 1;") })).toString("base64");
  const code = { Code: { ZipFile }, Handler: "index.main_handler", Runtime: "Nodejs18.15" };
  await call(cloud, "scf:CreateFunction", { ...code, FunctionName: "orders" });
  process.env.SCF_ENDPOINT = cloud.endpoint;
  const error = await failure(session(["orders"], cloud.cam.ownerKey).run());
  expect(error).toMatchObject({ code: "NO_LOG", status: 2 });
  expect(error.message).toBe(
    "NAME must be a function that has a log, got orders, whose log is not sent to a CLS topic; " +
      "set logTopic on its construct, or liveLog for live lines, and deploy it: docs/live.md",
  );
});
