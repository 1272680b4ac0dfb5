import { CROSSED, FAULTS, live, PLAIN, wrongs } from "./support/life";

describe("each call of a life that goes wrong", () => {
  it.each(FAULTS)("leaves no alert out, none twice without the mark, and exact counts: %s", async (fault) => {
    for (const [name, life] of Object.entries({ PLAIN, CROSSED })) {
      const { calls } = await live(-1, fault, life);
      for (const [at, call] of calls.entries()) {
        const { alerts, left } = await live(at, fault, life);
        const found = [...wrongs(alerts, life), ...(left > 0 ? [`${left} batches were never taken`] : [])];
        expect({ name, call, fault, found }).toEqual({ name, call, fault, found: [] });
      }
      console.info(`${name}: ${calls.length} calls, each ${fault}`);
    }
  });
});
