import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { run as runCommand } from "../../cli/run";
import type { ClsFault } from "../../local/cls/faults";
import { deployLive, type DeployedLive } from "./support/deployed";
import { Tail } from "./support/tail";
import { errorsOf, numbered, WRITER } from "./support/writer";

jest.setTimeout(60_000);

let live: DeployedLive;
const tails: Tail[] = [];

beforeAll(async () => {
  live = await deployLive({ orders: { code: WRITER }, "orders-api": { code: WRITER, isLive: false } });
});

afterEach(async () => {
  live.cloud.cls.faults.decide = () => undefined;
  await Promise.all(tails.splice(0).map((tail) => tail.stop()));
});
afterAll(() => live.close());

function tail(args: readonly string[], environment: Readonly<Record<string, string>> = live.environment): Tail {
  const made = new Tail(args, { environment });
  tails.push(made);
  return made;
}

/** Runs a tail to its end. */
async function run(args: readonly string[], environment?: Readonly<Record<string, string>>) {
  const made = tail(args, environment);
  const status = await made.ended;
  return { status, stderr: made.stderr, stdout: made.stdout };
}

/** The same within this process, for command lines that end at once. */
async function runHere(args: readonly string[], environment: Readonly<Record<string, string>> = live.environment) {
  const ran = { stdout: "", stderr: "" };
  const before = process.env;
  process.env = { ...environment };
  try {
    const status = await runCommand(["tail", ...args], {
      stdout: { write: (text) => (ran.stdout += text) },
      stderr: { write: (text) => (ran.stderr += text) },
    });
    return { status, ...ran };
  } finally {
    process.env = before;
  }
}

/** Whether a request has ended of which lines are shown; the end of an earlier test's may come in this one. */
const isFinished = ({ events, lines }: Tail): boolean => {
  const shown = new Set(lines.map(({ requestId }) => requestId));
  return events.some((event) => event.type === "request_finished" && shown.has(event.requestId));
};

describe("what is wrong with a command line", () => {
  const FUTURE = new Date(Date.now() + 3_600_000).toISOString();
  it.each([
    ["a function that is not there, with one that is near", ["order"], "got order; did you mean orders?"],
    [
      "a prefix that no function has",
      ["x*"],
      "must be a prefix of functions in namespace default of ap-guangzhou, got x*",
    ],
    [
      "a region that is none",
      ["orders", "-r", "Canton"],
      '--region must be a region, such as ap-guangzhou, got "Canton"',
    ],
    [
      "a region that the cloud does not have",
      ["orders", "-r", "ap-nowhere"],
      "--region must be a region of Tencent Cloud",
    ],
    ["a prefix in such a region", ["orders*", "-r", "ap-nowhere"], "--region must be a region of Tencent Cloud"],
    [
      "a topic in such a region",
      ["--topic", "00000000-0000-4000-8000-000000000000", "-r", "ap-nowhere"],
      "--region must be a region of Tencent Cloud",
    ],
    ["a function of another region", ["orders", "-r", "ap-shanghai"], "namespace default of ap-shanghai, got orders"],
    ["a namespace that is not there", ["x*", "-n", "other"], "--namespace must be one of the region's"],
    ["a function in such a namespace", ["orders", "-n", "other"], "--namespace must be one of the region's"],
    [
      "a version that is not there",
      ["orders", "--version", "7"],
      "--version must be a version of orders, got 7; there are $LATEST",
    ],
    ["a time to come", ["orders", "--since", FUTURE], "--since must be in the past"],
    ["a time that is none", ["orders", "--since", "yesterday"], "--since must be how long ago (10m) or a time"],
    ["a pattern that is wrong, with a caret", ["orders", "--filter", "a(b"], "\n  a(b\n   ^\n"],
    [
      "a pattern to wait for that is wrong",
      ["orders", "--wait-for", "[z-a]"],
      "--wait-for must be a regular expression",
    ],
    ["a pattern that could hang", ["orders", "--exclude", "(?=a)b"], "--exclude must be a regular expression"],
    [
      "a level that is none",
      ["orders", "--level", "loud"],
      "--level must be one of trace, debug, info, warn, error, fatal",
    ],
    ["nothing to read", [], "NAME must be a function, a prefix or a construct's path, got nothing"],
    ["two formats", ["orders", "--json", "--raw"], "one of --json and --raw must be given"],
    [
      "a topic that is not there",
      ["--topic", "00000000-0000-4000-8000-000000000000"],
      "00000000-0000-4000-8000-000000000000",
    ],
  ])("%s: exit status 2", async (_, args, sentence) => {
    const { status, stderr, stdout } = await runHere(args);
    expect(stderr).toContain(sentence);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  it("keys that are missing or wrong: exit status 2", async () => {
    const { TENCENTCLOUD_SECRET_ID: _, ...none } = live.environment;
    expect(await runHere(["orders"], none)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("TENCENTCLOUD_SECRET_ID must be set"),
    });
    const wrong = { ...live.environment, TENCENTCLOUD_SECRET_KEY: "wrong" };
    expect(await runHere(["orders"], wrong)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("the keys must be valid"),
    });
  });
});

describe("what a key may not do", () => {
  it("tails with what grantTail gives, and says which key it was when that expires", async () => {
    const one = tail(["orders", "--json"], live.as("operators"));
    await one.tailing();
    await live.invoke("orders", { name: "granted" });
    await one.until("the end", isFinished);
    expect(one.texts).toEqual(numbered("granted", 3));
    expect(errorsOf(one)).toEqual([]);
    live.cloud.cam.expireKeys();
    expect(await one.ended).toBe(2);
    expect(one.stderr).toMatch(/must not have expired; export new ones and resume with --since \d{4}-/);
    expect(errorsOf(one)).toEqual([expect.objectContaining({ code: "KEY", fatal: true })]);
  });

  it("says that it may not read: exit status 2", async () => {
    const { status, stderr } = await run(["orders"], live.as("viewers"));
    expect(stderr).toContain("the key's policies must allow cls:");
    expect(status).toBe(2);
  });

  it("goes on by SCF's own log where it may not write the flag, and says so", async () => {
    // What an earlier invocation could not send comes with this one.
    const one = tail(["orders", "--json", "--filter", "^unwatched"], live.as("readers"));
    await one.until("that it may not", (each) => errorsOf(each).some(({ code }) => code === "MAY_NOT_WATCH"));
    expect(errorsOf(one)[0].message).toContain("the key's policies must allow name/cos:PutObject for cos://");
    await sleep(500);
    await live.invoke("orders", { name: "unwatched" });
    await one.until("the end", isFinished);
    expect(one.texts).toEqual(numbered("unwatched", 3));
  });

  it("searches where it may not pull, and says so", async () => {
    const one = tail(["orders", "--json", "--filter", "^searched"], live.as("searchers"));
    await one.until("that it searches", (each) => errorsOf(each).some(({ code }) => code === "SEARCHING"));
    await live.invoke("orders", { name: "searched" });
    await one.until("the end", isFinished);
    expect(one.texts).toEqual(numbered("searched", 3));
  });
});

describe("what goes wrong on the way", () => {
  const FAULTS: Readonly<Record<string, ClsFault>> = {
    "CLS asks for fewer requests": { status: 429 },
    "CLS fails": { status: 500 },
    "half an answer comes": { shortBody: 20 },
    "something else answers": { body: "<html>" },
  };

  it.each(Object.entries(FAULTS))("shows each line once where %s", async (name, fault) => {
    const one = tail(["orders", "--json", "--filter", `^${name}`]);
    await one.tailing();
    // Never more than two in a row of one topic: what is not understood ends a reading at the third.
    live.cloud.cls.faults.decide = ({ action, attempt }) =>
      action === "pull_log" && attempt % 3 !== 0 ? fault : undefined;
    await live.invoke("orders", { name, count: 20, everyMs: 50 });
    await one.until("all lines", ({ texts }) => texts.length >= 20);
    live.cloud.cls.faults.decide = () => undefined;
    await one.until("the end", isFinished);
    expect(one.texts).toEqual(numbered(name, 20));
  });

  it("tells when the network goes and when it is back, and fetches what was missed", async () => {
    const one = tail(["orders", "--json", "--filter", "^away"]);
    await one.tailing();
    live.cloud.cls.faults.decide = ({ action }) => (action === "structuredlog" ? undefined : { reset: 0 });
    await live.invoke("orders", { name: "away", count: 10, everyMs: 100 });
    await one.until("that nobody answers", (each) => errorsOf(each).some(({ code }) => code === "NO_ANSWER"));
    expect(one.texts).toEqual([]);
    live.cloud.cls.faults.decide = () => undefined;
    await one.until("the end", isFinished);
    expect(one.events.some(({ type }) => type === "reconnected")).toBe(true);
    expect(one.texts).toEqual(numbered("away", 10));
  });

  it("ends at Ctrl-C also while nobody answers where its functions are", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const SCF_ENDPOINT = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const connected = once(silent, "connection");
    const one = tail(["orders"], { ...live.environment, SCF_ENDPOINT });
    await connected;
    expect(await one.stop()).toBe(130);
    expect(one.stderr).toBe("");
    silent.close();
  });

  it("follows the split of a partition", async () => {
    const one = tail(["orders", "--json", "--filter", "^split"]);
    await one.tailing();
    const written = live.invoke("orders", { name: "split", count: 60, everyMs: 100 });
    await sleep(1_500);
    const { partitions } = live.cloud.cls.topicOf(live.topics.live);
    partitions.split(partitions.all()[0].id, { now: Date.now() });
    await written;
    await one.until("the end", isFinished);
    expect([...one.texts].sort()).toEqual([...numbered("split", 60)].sort());
    expect(one.lines.filter(({ type }) => type === "line").map(({ seq }) => seq)).toEqual(
      one.lines.filter(({ type }) => type === "line").map(({ seq }) => seq).sort((a, b) => a - b), // prettier-ignore
    );
  });
});

it("reads any topic by its id, several regions and functions by a prefix, and ends without following", async () => {
  await live.invoke("orders-api", { name: "past", count: 4 });
  await sleep(1_500);
  const byTopic = await run(["--topic", live.topics.own, "--since", "1m", "--no-follow", "--raw", "--filter", "^past"]);
  expect(byTopic).toMatchObject({ status: 0, stdout: `${numbered("past", 4).join("\n")}\n` });
  const regions = ["-r", "ap-guangzhou", "-r", "ap-shanghai"];
  const missing = await run(["orders", "nope", "--since", "1m", "--no-follow", "--raw", "--filter", "^none"]);
  expect(missing).toMatchObject({ status: 0, stdout: "" });
  expect(missing.stderr).toContain("nope is not in namespace default of ap-guangzhou; skipped");
  const byPrefix = await run(["orders*", ...regions, "--since", "1m", "--no-follow", "--raw", "--filter", "^past"]);
  expect(byPrefix).toMatchObject({ status: 0, stdout: `${numbered("past", 4).join("\n")}\n` });
});
