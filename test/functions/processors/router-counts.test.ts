import { type RouterCounts, routedSince, sumRouted } from "../../../functions/processors/router-counts";

const FIRST: RouterCounts = { dropped: 1, failed: 2, sampled: 3, redacted: { phone: 4, email: 1 } };
const SECOND: RouterCounts = { dropped: 10, failed: 0, sampled: 20, redacted: { phone: 1, idCard: 7 } };

describe("what became of records, over several invocations", () => {
  it("is added up by kind, whichever of the two has a kind", () => {
    expect(sumRouted(FIRST, SECOND)).toEqual({
      dropped: 11,
      failed: 2,
      sampled: 23,
      redacted: { phone: 5, email: 1, idCard: 7 },
    });
  });

  it("begins with nothing", () => {
    expect(sumRouted(undefined, FIRST)).toEqual(FIRST);
    expect(routedSince(FIRST)).toEqual(FIRST);
  });

  it("is, since an earlier moment, what adds up with it to the whole", () => {
    const sum = sumRouted(FIRST, SECOND);
    expect(routedSince(sum, FIRST)).toEqual({ ...SECOND, redacted: { ...SECOND.redacted, email: 0 } });
    expect(routedSince(sum, sum)).toEqual({
      dropped: 0,
      failed: 0,
      sampled: 0,
      redacted: { phone: 0, email: 0, idCard: 0 },
    });
  });
});
