import { Rates } from "../../../cli/page/rates";

it("counts in all, and a second over the last five that are over", () => {
  let now = 10_000;
  const rates = new Rates(() => now);
  for (let second = 0; second < 6; second++, now += 1000) rates.add("edge", 20, "logs");
  expect(rates.counts()).toEqual({ edge: { total: 120, perSecond: 20, unit: "logs" } });
  now += 2000;
  expect(rates.counts().edge).toEqual({ total: 120, perSecond: 12, unit: "logs" });
  now += 60_000;
  expect(rates.counts().edge).toEqual({ total: 120, perSecond: 0, unit: "logs" });
});

it("tells a change once", () => {
  let now = 10_000;
  const rates = new Rates(() => now);
  rates.add("edge", 1, "logs");
  expect(Object.keys(rates.counts({ changed: true }))).toEqual(["edge"]);
  expect(rates.counts({ changed: true })).toEqual({});
  now += 1000;
  expect(rates.counts({ changed: true }).edge.perSecond).toBe(0.2);
});
