import { fuzz } from "./fuzz";

it("no rule text and no query crashes or hangs the reader, seeded; npm run fuzz tries more", () => {
  const { slowest, tried } = fuzz(4000, 20261122);
  console.log(`${tried} rule texts and queries tried, the slowest took ${slowest.ms.toFixed(0)} ms`);
  expect(slowest.ms).toBeLessThan(2000);
});
