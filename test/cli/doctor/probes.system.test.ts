import { setTimeout as sleep } from "node:timers/promises";
import { MACHINE, type ProbeRun } from "../../../cli/doctor/probes/account";
import { PROBES } from "../../../cli/doctor/probes";
import { runProbe, type Outcome } from "../../../cli/doctor/probes/run";
import type { Probe } from "../../../cli/doctor/probes/probe";
import { SimulatedClock } from "../../../local/clock";
import type { CloudOptions, LocalCloud } from "../../../local/cloud";
import { closeClouds, start } from "../../local/support/cloud";
import { REGION } from "../../local/support/plan";
import { environmentOf } from "./support/doctor";

jest.setTimeout(30_000);

const BEFORE = { ...process.env };
afterEach(async () => {
  process.env = { ...BEFORE };
  await closeClouds();
});

/** Milliseconds of the machine that functions under way have for each wait of a probe. */
const PROCESS_MS = 5_000;

/** A local cloud whose time goes on while a probe waits: minutes are over at once. */
async function probed(
  options: CloudOptions = {},
  ending = new AbortController(),
): Promise<{ cloud: LocalCloud; run: ProbeRun }> {
  const clock = new SimulatedClock(Date.now());
  const cloud = await start({ clock, functionTime: "clock", ...options });
  Object.assign(process.env, environmentOf(cloud));
  const stopwatch = {
    now: () => clock.now(),
    wait: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      await clock.advance(ms);
      // A partition takes 200 reads in a second of the machine.
      await sleep(5);
      for (const end = Date.now() + PROCESS_MS; cloud.scf.busy > 0 && Date.now() < end;) await sleep(5);
    },
  };
  const credentials = () => cloud.cam.ownerKey;
  return {
    cloud,
    run: { region: REGION, appId: cloud.account.appId, credentials, signal: ending.signal, id: "test", stopwatch },
  };
}

function named(id: string): Probe {
  const found = PROBES.find((probe) => probe.id === id);
  if (!found) throw new Error(`a probe must be called ${id}, got none`);
  return found;
}

/** Runs a probe, which must leave nothing behind. */
async function observed(
  id: string,
  options: CloudOptions = {},
  prepare: (cloud: LocalCloud) => void = () => undefined,
): Promise<string> {
  const { cloud, run } = await probed(options);
  prepare(cloud);
  const { observed: seen, failure, leftovers } = await runProbe(named(id), run);
  expect([failure, leftovers, cloud.inventory()]).toEqual([undefined, [], []]);
  return seen ?? "";
}

/** The seconds that a text tells before a word. */
function seconds(text: string, word: string): number {
  return Number(new RegExp(`([\\d.]+) s ${word}`).exec(text)?.[1]);
}

describe("a probe of a topic", () => {
  it("measures how soon a log can be pulled", async () => {
    const seen = await observed("pull-lag");
    expect(seen).toMatch(/ of 20 of 20 logs, asked each 50 ms$/);
    expect(seconds(seen, "at most")).toBeLessThan(1);
  });

  it("measures how soon a log can be found", async () => {
    const seen = await observed("search-lag", {}, (cloud) => (cloud.cls.searches.delayMs = 3_000));
    expect(seen).toMatch(/6 of 6 found$/);
    expect(seconds(seen, "in the middle")).toBeGreaterThanOrEqual(3);
    expect(seconds(seen, "at most")).toBeLessThan(4);
  });

  it("sees what stands at the end of a partition", async () => {
    expect(await observed("pull-end")).toBe(
      "1 log read; at the end NextOffset is the same; before an EndTime of an hour ago it is -1",
    );
  });

  it("sees whether a query filters", async () => {
    expect(await observed("pull-query")).toBe(
      "of 10 logs, 2 of which match, 2 came, 2 of them right; NextOffset is behind all of them",
    );
  });

  it("sees what a group's offsets are", async () => {
    expect(await observed("group-offsets")).toBe(
      "a commit of offset 2 without a heartbeat is taken; asked for begin, the group's offset is 2, with OffsetType 1 it is 0",
    );
  });
});

describe("a probe of a bucket", () => {
  it("races for claims", async () => {
    expect(await observed("claim-race")).toBe(
      "one of 16 made the object in 10 of 10 rounds; the object is its winner's in 10",
    );
  });

  it("counts what a race makes where the bucket does not keep to it", async () => {
    const seen = await observed("claim-race", {}, (cloud) => {
      // As a bucket with versions does.
      const { bucket } = cloud.cos;
      cloud.cos.bucket = (name) => {
        const found = bucket.call(cloud.cos, name);
        if (found) found.putNew = (key, body, headers, change) => found.put(key, body, headers, change);
        return found;
      };
    });
    expect(seen).toMatch(/^one of 16 made the object in 0 of 10 rounds; winners by round: 16, /);
  });

  it("compares lists with what was written", async () => {
    expect(await observed("list-lag")).toBe("listed at once: 20 of 20; read as written last: 20 of 20");
  });
});

describe("a probe of functions", () => {
  it("measures a delivery that waits 3 s", async () => {
    const seen = await observed("delivery-wait");
    expect(seen).toMatch(/of 10 of 10 logs in \d events; 0 came twice; gzip, timestamp a string of 16 digits$/);
    expect(seconds(seen, "at most")).toBeLessThan(4);
    expect(seconds(seen, "at most")).toBeGreaterThan(2);
  });

  it("counts what is delivered twice", async () => {
    expect(await observed("delivery-wait", {}, (cloud) => (cloud.deliveries.copies = 2))).toMatch(/; 10 came twice;/);
  });

  it("counts how often an event runs that throws, and the time between", async () => {
    const seen = await observed("async-retries");
    expect(seen).toBe("3 runs, 60 s and 60 s apart, with the same request id each time");
  });

  it("shows the lines of SCF, without what differs", async () => {
    const seen = await observed("report-lines", { functionLog: { prefix: true } });
    expect(seen).toMatch(
      /^well: START RequestId: <id> \/ <time>\t<id>\tINFO\ta line \/ Response RequestId: <id> RetMsg: 1/,
    );
    expect(seen).toContain("thrown: START RequestId: <id>");
    expect(seen).toContain("Report RequestId: <id> Duration:<n>ms Memory:<n>MB MemUsage:<n>MB");
  });

  it("measures how late lines come", async () => {
    const { run } = await probed({ functionTime: "machine" });
    const { observed: seen = "" } = await runProbe(named("log-lag"), { ...run, stopwatch: MACHINE });
    expect(seen).toMatch(/, of 10 of 10 lines, \d+ of them before the end was told$/);
  });

  it("sees which runtimes are taken", async () => {
    expect(await observed("runtimes")).toBe("Nodejs20.19 is taken; Nodejs22.21 is taken");
  });

  it("sees the events of a bucket", async () => {
    const seen = await observed("cos-events", { maxInstances: 1 });
    expect(seen).toMatch(/; 20 of 20 came, 0 twice, in order; eventName cos:ObjectCreated:Put; /);
    expect(seen).toMatch(/cosObject.key of "in\/ü 中.json": as it is$/);
  });

  it("sees a shipped file", async () => {
    const seen = await observed("shipped-files");
    expect(seen).toMatch(
      /^shipped\/\d{4}\/\d\d\/\d\d\/\d\d\/_[0-9a-f]{32}_0\.gz, after 30\d s; 1 member of gzip, 20 lines; /,
    );
    expect(seen).toMatch(/fields .*\bn\b.*; __TAG__ is \{"host":"doctor"\}$/);
  });
});

describe("what a probe made", () => {
  /** Probes that make something and then fail, each in its way. */
  async function outcomeOf(
    probe: Partial<Probe>,
    ending = new AbortController(),
  ): Promise<{ outcome: Outcome; cloud: LocalCloud }> {
    const { cloud, run } = await probed({}, ending);
    return { outcome: await runProbe({ ...named("pull-lag"), ...probe }, run), cloud };
  }

  it("goes where the probe fails", async () => {
    const { run } = named("delivery-wait");
    const { outcome, cloud } = await outcomeOf({
      run: async (account) => {
        const { ask } = account;
        account.ask = (action, parameters) => {
          if (action === "scf:GetFunction") throw new Error("as it should");
          return ask.call(account, action, parameters);
        };
        return run(account);
      },
    });
    expect(outcome).toMatchObject({ failure: "the probe failed: as it should", leftovers: [] });
    expect([outcome.observed, cloud.inventory()]).toEqual([undefined, []]);
  });

  it("goes where the run is ended in the middle", async () => {
    const ending = new AbortController();
    const { outcome, cloud } = await outcomeOf(
      {
        run: async (account) => {
          const { wait } = account;
          // In the middle of what is waited for, as Ctrl-C would.
          account.wait = (ms) => {
            ending.abort(new Error("interrupted"));
            return wait.call(account, ms);
          };
          return named("delivery-wait").run(account);
        },
      },
      ending,
    );
    expect(outcome).toMatchObject({ failure: "interrupted", leftovers: [] });
    expect(cloud.inventory()).toEqual([]);
  });

  it("goes although the answer to its making was lost", async () => {
    const { cloud, run } = await probed();
    // It is made, and nobody hears of it.
    cloud.cls.faults.decide = ({ action, attempt }) =>
      action === "CreateTopic" && attempt === 1 ? { reset: 0 } : undefined;
    const outcome = await runProbe(named("pull-lag"), run);
    expect(outcome.failure).toMatch(/cls:CreateTopic/);
    expect([outcome.leftovers, cloud.inventory()]).toEqual([[], []]);
  });

  it("is told by its name where it cannot be taken away", async () => {
    const { cloud, run } = await probed();
    cloud.cls.faults.decide = ({ action }) =>
      action === "DeleteTopic" ? { status: 200, code: "FailedOperation" } : undefined;
    const { observed: seen, leftovers } = await runProbe(named("pull-end"), run);
    expect(seen).toMatch(/^1 log read/);
    expect(leftovers.map(({ what }) => what)).toEqual([
      `topic tencent-logs-doctor-test-1 in ${REGION}`,
      `logset tencent-logs-doctor-test-1 in ${REGION}`,
    ]);
    expect(cloud.inventory()).toHaveLength(2);
  });
});
