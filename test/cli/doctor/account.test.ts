import { setTimeout as sleep } from "node:timers/promises";
import { tableOf } from "../../../cli/doctor/probe";
import { PROBES } from "../../../cli/doctor/probes";
import { run } from "../../../cli/run";
import { SimulatedClock } from "../../../local/clock";
import type { LocalCloud } from "../../../local/cloud";
import { closeClouds, start } from "../../local/support/cloud";
import { REGION } from "../../local/support/plan";
import { Running } from "../support/running";
import { environmentOf, ran, type Ran } from "./support/doctor";

jest.setTimeout(30_000);

let cloud: LocalCloud;
let stopFollowing = (): void => undefined;
beforeEach(async () => {
  const clock = new SimulatedClock(Date.now());
  stopFollowing = clock.follow();
  cloud = await start({ clock });
});
afterEach(async () => {
  stopFollowing();
  await closeClouds();
});

function doctor(...args: string[]): Promise<Ran> {
  return ran(["doctor", "--account", ...args], environmentOf(cloud));
}

/** Runs the command for somebody at a terminal who answers each question in turn. */
async function answered(answers: readonly string[]): Promise<Ran> {
  const before = { ...process.env };
  Object.assign(process.env, environmentOf(cloud));
  const written = { stdout: "", stderr: "" };
  async function* typed(): AsyncGenerator<string> {
    for (const [index, answer] of answers.entries()) {
      while (written.stderr.split("Run it? [y/N/q] ").length <= index + 1) await sleep(5);
      yield `${answer}\n`;
    }
  }
  try {
    const status = await run(["doctor", "--account", "--region", REGION], {
      stdin: Object.assign(typed(), { isTTY: true }),
      stdout: { write: (text) => (written.stdout += text) },
      stderr: { write: (text) => (written.stderr += text) },
    });
    return { ...written, status };
  } finally {
    process.env = before;
  }
}

describe("tencent-logs doctor --account", () => {
  it("runs what is named and prints a table that can be pasted", async () => {
    const { stdout, stderr, status } = await doctor("--region", REGION, "--yes", "list-lag", "--yes", "claim-race");
    expect([stderr, status]).toEqual(["running list-lag, about 20 s\nrunning claim-race, about 20 s\n", 0]);
    const [title, , head, rule, one, other, ...rest] = stdout.split("\n");
    expect(title).toMatch(/^Observed in ap-guangzhou on \d{4}-\d\d-\d\d by `tencent-logs doctor --account`:$/);
    expect([head, rule, rest]).toEqual(["| question | stated | observed |", "| --- | --- | --- |", [""]]);
    expect(one).toMatch(/^\| `list-lag`: Does a list .*\| listed at once: 20 of 20; .* \|$/);
    expect(other).toMatch(/^\| `claim-race`: .*\| one of 16 made the object in 10 of 10 rounds; .* \|$/);
    expect(cloud.inventory()).toEqual([]);
  });

  it("writes JSON, an outcome a line, and fails where a probe does", async () => {
    cloud.cos.faults = ({ method, key }) =>
      method === "GET" && key !== "" ? { status: 403, code: "AccessDenied" } : undefined;
    const { stdout, status } = await doctor("--region", REGION, "--yes", "list-lag", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      id: "list-lag",
      region: REGION,
      failure: expect.stringContaining("AccessDenied"),
      leftovers: [],
    });
  });

  it("asks first for each, with what it makes and costs", async () => {
    const quit = PROBES.findIndex(({ id }) => id === "delivery-wait");
    const { stdout, stderr, status } = await answered([
      ...PROBES.slice(0, quit).map(({ id }) => (id === "claim-race" ? "y" : "")),
      "q",
    ]);
    expect(status).toBe(0);
    expect(stderr.match(/Run it\?/g)).toHaveLength(quit + 1);
    expect(stderr).toContain("  creates: a topic, 20 logs\n  costs: at most 0.1 US cents, takes about 40 s\n");
    expect(stdout.match(/^\| `\S+`/gm)).toEqual(["| `claim-race`"]);
  });

  it("runs nothing where nobody answers any more", async () => {
    expect(await answered([])).toMatchObject({ stdout: "", status: 0 });
    expect(cloud.inventory()).toEqual([]);
  });

  it("takes all away on Ctrl-C, and says what it has seen until then", async () => {
    const args = [
      "doctor",
      "--account",
      "--region",
      REGION,
      "--yes",
      "claim-race",
      "--yes",
      "shipped-files",
      "--yes",
      "list-lag",
    ];
    const running = new Running(args, environmentOf(cloud), process.cwd());
    await running.said(/running shipped-files/);
    await running.until(() => cloud.cls.allShippers().length > 0, "a shipper");
    process.kill(running.pid, "SIGINT");
    expect(await running.ended).toBe(130);
    expect(running.stdout).toContain("| `claim-race`");
    expect(running.stdout).toMatch(/^\| `shipped-files`: .* \| not observed: interrupted \|$/m);
    expect(running.stdout).not.toContain("list-lag");
    expect(running.stderr).toMatch(/^interrupted$/m);
    expect(cloud.inventory()).toEqual([]);
  });

  it("says what it could not take away, and fails", async () => {
    cloud.cos.faults = ({ method, key }) =>
      method === "DELETE" && key === "" ? { status: 403, code: "AccessDenied" } : undefined;
    const { stderr, status } = await doctor("--region", REGION, "--yes", "claim-race");
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^left over: bucket tencent-logs-doctor-[0-9a-f]{6}-1-1250000000 in ap-guangzhou, with its objects: .*AccessDenied.*; delete it$/m,
    );
  });

  it("lists the probes without keys, and runs none", async () => {
    const { stdout, status } = await ran(["doctor", "--account", "--list"], { TENCENTCLOUD_SECRET_ID: "" });
    expect(status).toBe(0);
    expect(
      stdout
        .split("\n")
        .slice(1, -1)
        .map((line) => line.split(" ")[0]),
    ).toEqual(PROBES.map(({ id }) => id));
  });

  it.each([
    [["--yes", "pull-lga"], /^--yes must be the id of a probe, got pull-lga; did you mean pull-lag\?\n$/],
    [["--yes", "pull-lag"], /^--region must be given, or TENCENTCLOUD_REGION set, got neither\n$/],
    [["--region", REGION], /^--yes ID must name the probes if there is no terminal to ask, got nothing; see --list\n$/],
    [["logs"], /^STACK must be left out with --account, got logs; see --help\n$/],
  ])("refuses %j", async (args, message) => {
    expect(await doctor(...args)).toEqual({ stdout: "", stderr: expect.stringMatching(message), status: 2 });
  });
});

it("keeps what a service said in its cell", () => {
  const outcome = {
    id: "x",
    question: "Is it?",
    stated: "a | b",
    fact: "",
    observed: "one\n| `two` <b>",
    leftovers: [],
  };
  expect(tableOf([outcome], REGION, new Date(0)).split("\n")[4]).toBe(
    "| `x`: Is it? | a \\| b | one \\| \\`two\\` \\<b\\> |",
  );
});
