import { AT_ONCE, expectBounded, SLOWLY } from "./growing";

it("what grows beyond the limits of texts and lists stays within the memory of a function", () => {
  expectBounded([...AT_ONCE, ...SLOWLY]);
});
