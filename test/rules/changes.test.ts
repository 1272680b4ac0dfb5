import * as fc from "fast-check";
import { Changes } from "../../rules";
import { runs } from "../runs";

const name = fc.constantFrom("", "__proto__", "constructor", ...Array.from({ length: 14 }, (_, at) => `n${at}`));
const entry = fc.tuple(name, fc.constantFrom("a", "b", 1, null, undefined));

it("are what a map would hold, in its order, be they few or many", () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), fc.array(entry, { maxLength: 4 }), (first, later) => {
      const changes = new Changes(first);
      const copy = new Changes(changes);
      const expected = new Map(first);
      for (const [key, value] of later) copy.set(key, value);
      expect([...changes]).toEqual([...expected]);
      for (const [key, value] of later) expected.set(key, value);
      expect([...copy]).toEqual([...expected]);
      expect(copy.size).toBe(expected.size);
      for (const key of ["", "n0", "n13", "__proto__", "none"])
        expect([copy.has(key), copy.get(key)]).toEqual([expected.has(key), expected.get(key)]);
    }),
    { numRuns: runs(300) },
  );
});
