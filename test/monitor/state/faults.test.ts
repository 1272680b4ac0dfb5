import { FAULTS, live, wrongs } from "./support/life";

/** Of the calls of a life so many are left out, others for each fault; `npm run soak` tries each. */
const STEP = 13;

describe("calls of a life that go wrong", () => {
  it("leave nothing to say where none does", async () => {
    const { alerts, left } = await live(-1, "refused");
    expect(wrongs(alerts)).toEqual([]);
    expect(left).toBe(0);
    expect(alerts.flatMap(({ marks }) => marks)).not.toContain("again");
  });

  it.each(FAULTS)("leave no alert out, none twice without the mark, and exact counts: %s", async (fault) => {
    const { calls } = await live(-1, fault);
    expect(calls.length).toBeGreaterThan(200);
    for (let at = FAULTS.indexOf(fault); at < calls.length; at += STEP) await expectRight(at, fault);
  });
});

async function expectRight(at: number, fault: (typeof FAULTS)[number]): Promise<void> {
  const { alerts, calls, left } = await live(at, fault);
  const found = [...wrongs(alerts), ...(left > 0 ? [`${left} batches were never taken`] : [])];
  expect({ call: calls[at], fault, found }).toEqual({ call: calls[at], fault, found: [] });
}
