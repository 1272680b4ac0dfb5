import { findEventFault } from "../functions/events/delivered-suite";
import { type Planted, suiteWithFault } from "../functions/support/planted";
import { EVENT_FAULTS } from "./support/planted-faults";

const EVENTS = Number(process.env.LOGS_EVENTS ?? 20_000);
const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

it("logs are read where they stand as two calls of JSON.parse read them", async () => {
  const broken = await findEventFault(SEED, EVENTS);
  console.log(`${EVENTS} events, as many with a byte changed, ${broken} of them broken (LOGS_SEED=${SEED})`);
  expect(broken).toBeGreaterThan(EVENTS / 20);
});

describe("a fault planted in what reads delivered logs is found:", () => {
  it.each(EVENT_FAULTS)("%s: %s becomes %s", async (...planted) => {
    expect(await faultWith(planted)).toBeDefined();
  });

  it("and none where none is planted", async () => {
    expect(
      await faultWith(["functions/parser/scan/assembly/logs.ts", "/** Unlike a line", "/** Unlike a line"]),
    ).toBeUndefined();
  });
});

/** What `npm test` says; undefined where it finds nothing wrong. */
async function faultWith(planted: Planted): Promise<unknown> {
  const suite = suiteWithFault<typeof import("../functions/events/delivered-suite")>(
    "test/functions/events/delivered-suite",
    planted,
  );
  try {
    for (const [, run] of suite.eventCases()) await run();
    await suite.findEventFault(1, 400);
    return undefined;
  } catch (error) {
    return error;
  }
}
