import { setTimeout as sleep } from "node:timers/promises";
import type { LineEvent } from "../../cli/tail/events";
import { deployLive, type DeployedLive } from "./support/deployed";
import { Tail } from "./support/tail";
import { numbered, WRITER } from "./support/writer";

jest.setTimeout(60_000);

const HOME = "ap-guangzhou";
const AWAY = "ap-singapore";
const BOTH = ["-r", HOME, "-r", AWAY];

let live: DeployedLive;
const tails: Tail[] = [];

beforeAll(async () => {
  live = await deployLive({
    Home: { code: WRITER, functionName: "orders" },
    Away: { code: WRITER, functionName: "orders", region: AWAY },
    Plain: { code: WRITER, functionName: "plain", region: AWAY, isLive: false },
  });
});

afterEach(() => Promise.all(tails.splice(0).map((tail) => tail.stop())));
afterAll(() => live.close());

function tail(args: readonly string[], environment = live.environment): Tail {
  const made = new Tail(args, { environment });
  tails.push(made);
  return made;
}

const textsOf = ({ lines }: Tail, region: string): string[] =>
  lines.flatMap((line: LineEvent) => (line.region === region ? [line.text] : []));
const ends = ({ events }: Tail): number => events.filter(({ type }) => type === "request_finished").length;

// CLS tells times of receipt in whole seconds, so a tail may begin with what was written up to a second before.
beforeEach(() => sleep(1_100));

it("shows functions of one name in two regions in one tail, each line once, as it is written", async () => {
  const one = tail(["orders", ...BOTH, "--json"], live.as("operators"));
  await one.tailing(2);
  await Promise.all(
    [HOME, AWAY].map((region) => live.invoke("orders", { name: region, count: 20, everyMs: 20 }, region)),
  );
  await one.until("both ends", (each) => ends(each) >= 2);
  for (const region of [HOME, AWAY]) {
    expect(textsOf(one, region)).toEqual(numbered(region, 20));
    expect(one.events).toContainEqual(
      expect.objectContaining({ type: "request_finished", region, function: "orders", outcome: "ok", lines: 20 }),
    );
  }
  expect(one.lines).toHaveLength(40);
  expect(one.lines.filter(({ lane, type }) => lane === "fast" && type === "line")).toHaveLength(40);
});

it("says by the name where a line comes from, for people", async () => {
  const one = tail(["orders", ...BOTH]);
  await one.tailing(2);
  await live.invoke("orders", { name: "home", count: 2 }, HOME);
  await live.invoke("orders", { name: "away", count: 2 }, AWAY);
  await one.until("both ends", ({ stdout }) => stdout.split("END ").length > 2);
  const shown = one.stdout.split("\n").flatMap((line) => {
    const [, name, text] = /^(\S+) .* INFO\s+(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [`${name}: ${text}`];
  });
  expect(shown).toEqual([
    ...numbered("home", 2).map((text) => `orders@${HOME}: ${text}`),
    ...numbered("away", 2).map((text) => `orders@${AWAY}: ${text}`),
  ]);
});

it("reads by SCF's own log in one region and as it is written in the other", async () => {
  const one = tail(["plain", "orders", ...BOTH, "--json"]);
  await one.tailing(3);
  await Promise.all([
    live.invoke("plain", { name: "plain", count: 5 }),
    live.invoke("orders", { name: "home", count: 5 }, HOME),
  ]);
  await one.until("both ends", (each) => ends(each) >= 2);
  expect(textsOf(one, AWAY)).toEqual(numbered("plain", 5));
  expect(textsOf(one, HOME)).toEqual(numbered("home", 5));
  expect(one.lines.map(({ lane, region }) => `${lane} ${region}`).sort()).toEqual([
    ...Array<string>(5).fill(`fast ${HOME}`),
    ...Array<string>(5).fill(`slow ${AWAY}`),
  ]);
});

it("shows the past of both regions, and ends", async () => {
  await Promise.all([HOME, AWAY].map((region) => live.invoke("orders", { name: `past-${region}`, count: 3 }, region)));
  await sleep(1_500);
  const one = tail(["orders", ...BOTH, "--since", "1m", "--no-follow", "--json", "--filter", "^past-"]);
  expect(await one.ended).toBe(0);
  for (const region of [HOME, AWAY]) expect(textsOf(one, region)).toEqual(numbered(`past-${region}`, 3));
});

it("ends where one of several regions is none, and says which", async () => {
  const one = tail(["orders", "-r", "ap-nowhere", "-r", AWAY, "--json"]);
  expect(await one.ended).toBe(2);
  expect(one.events).toContainEqual(
    expect.objectContaining({ type: "error", message: expect.stringMatching(/ap-nowhere.*--region must be a region/) }),
  );
});
