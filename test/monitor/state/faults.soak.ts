import { FAULTS, live, wrongs } from "./support/life";

describe("each call of a life that goes wrong", () => {
  it.each(FAULTS)("leaves no alert out, none twice without the mark, and exact counts: %s", async (fault) => {
    const { calls } = await live(-1, fault);
    for (const [at, call] of calls.entries()) {
      const { alerts, left } = await live(at, fault);
      const found = [...wrongs(alerts), ...(left > 0 ? [`${left} batches were never taken`] : [])];
      expect({ call, fault, found }).toEqual({ call, fault, found: [] });
    }
    console.info(`${calls.length} calls, each ${fault}`);
  });
});
