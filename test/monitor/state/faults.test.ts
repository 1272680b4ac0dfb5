import { CROSSED, FAULTS, type Life, live, PLAIN, wrongs } from "./support/life";

/** Of the calls of a life so many are left out, others for each fault; `npm run soak` tries each. */
const STEP = 13;

describe("calls of a life that go wrong", () => {
  it("leave nothing to say where none does", async () => {
    const { alerts, left } = await live(-1, "refused");
    expect(wrongs(alerts)).toEqual([]);
    expect(left).toBe(0);
    expect(alerts.flatMap(({ marks }) => marks)).not.toContain("again");
  });

  it("leave nothing to say where thresholds are crossed, and early sweeps tell it", async () => {
    const { alerts, calls, left } = await live(-1, "refused", CROSSED);
    expect(wrongs(alerts, CROSSED)).toEqual([]);
    expect(left).toBe(0);
    expect(alerts.flatMap(({ marks }) => marks)).not.toContain("again");
    expect(calls.filter((call) => call.startsWith("create sweep/ledger/")).length).toBeGreaterThan(16);
  });

  it.each(FAULTS)("leave no alert out, none twice without the mark, and exact counts: %s", async (fault) => {
    for (const life of [PLAIN, CROSSED]) {
      const { calls } = await live(-1, fault, life);
      expect(calls.length).toBeGreaterThan(200);
      for (let at = FAULTS.indexOf(fault); at < calls.length; at += STEP) await expectRight(at, fault, life);
    }
  });
});

async function expectRight(at: number, fault: (typeof FAULTS)[number], life: Life): Promise<void> {
  const { alerts, calls, left } = await live(at, fault, life);
  const found = [...wrongs(alerts, life), ...(left > 0 ? [`${left} batches were never taken`] : [])];
  expect({ call: calls[at], fault, found }).toEqual({ call: calls[at], fault, found: [] });
}
