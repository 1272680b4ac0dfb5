import * as fc from "fast-check";
import { Ring } from "../../../cli/page/ring";

it("keeps the last entries in their order, within both bounds, and always the last one", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 200 });
  fc.assert(
    fc.property(
      sizes,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(220),
      (all, most, space, after) => {
        const ring = new Ring<number>(most, space);
        for (const size of all) ring.add((number) => number, size);
        expect(ring.last).toBe(all.length);
        const kept = ring.after(0, Infinity);
        expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => ring.first + index));
        if (all.length > 0) expect(kept.at(-1)).toBe(all.length);
        expect(kept.length).toBeLessThanOrEqual(most);
        const size = all.slice(ring.first - 1).reduce((sum, one) => sum + one, 0);
        if (kept.length > 1) expect(size).toBeLessThanOrEqual(space);
        expect(ring.after(after, 3)).toEqual(kept.filter((number) => number > after).slice(0, 3));
      },
    ),
  );
});
