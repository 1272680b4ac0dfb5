import fc from "fast-check";
import { hashOf, Sampler } from "../../../functions/processors/sampler";
import { MadeRecord } from "../../../functions/records/made-record";
import type { Fields } from "../../../functions/records/contracts";

const record = (fields: Fields) => new MadeRecord({ object: "o", line: 1, byte: 0 }, fields);

describe("Sampler", () => {
  it("hashes as every release does", () => {
    expect(["", "a", "trace-1", "用户", "0af7651916cd43dd8448eb211c80319c"].map(hashOf)).toMatchSnapshot();
  });

  it.each([0.01, 0.1, 0.5, 0.9, 1])("keeps a share of %d of the values", (keep) => {
    const sampler = new Sampler({ keep, by: "id" });
    const count = 50_000;
    let kept = 0;
    for (let id = 0; id < count; id++) if (sampler.keeps(record({ id: `trace-${id}` }))) kept++;
    // Four times the deviation of as many tosses.
    expect(Math.abs(kept - keep * count)).toBeLessThanOrEqual(4 * Math.sqrt(count * keep * (1 - keep)));
  });

  it("keeps all records of a value or none, and of a larger share all that a smaller one keeps", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.double({ min: 0.01, max: 1, noNaN: true }), (id, keep) => {
        const sampler = new Sampler({ keep, by: "id" });
        const kept = sampler.keeps(record({ id: id as never, other: 1 }));
        expect(new Sampler({ keep, by: "id" }).keeps(record({ other: 2, id: id as never }))).toBe(kept);
        if (kept) expect(new Sampler({ keep: 1, by: "id" }).keeps(record({ id: id as never }))).toBe(true);
      }),
    );
  });

  it("keeps a record without the field, for nothing tells what it belongs to", () => {
    const sampler = new Sampler({ keep: 1e-9, by: "id" });
    const without: Fields[] = [{}, { id: "" }, { id: null }];
    expect(without.map((fields) => sampler.keeps(record(fields)))).toEqual([true, true, true]);
    expect(sampler.keeps(record({ id: "x" }))).toBe(false);
  });
});
