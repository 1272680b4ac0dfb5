import fc from "fast-check";
import { isFieldKeyword } from "../../rules/functions/value-extraction/field-keyword";

describe("names of fields that come out of the data", () => {
  test.each(["a", "k1", "_a", "__k__", "a.b-c_d", "名字", "_名字1", "aé", "k²", "a٣"])("%j may be a field", (name) => {
    expect(isFieldKeyword(name)).toBe(true);
  });

  test.each(["", "_", "1k", "__1__", ".a", "-a", "a b", "a\n", "a=b", "é", "a×", "a\u0301"])("%j may not", (name) => {
    expect(isFieldKeyword(name)).toBe(false);
  });

  it("are those of the documented pattern, whatever the text", () => {
    const documented = /^_*[\u4e00-\u9fa5\u0800-\u4e00a-zA-Z][\u4e00-\u9fa5\u0800-\u4e00\p{L}\p{N}_.-]*$/u;
    const unit = fc.constantFrom(..."_aZ09.- é名\u0800\u9fa6😀=");
    fc.assert(
      fc.property(fc.string({ unit }), (name) => isFieldKeyword(name) === documented.test(name)),
      { numRuns: 2000 },
    );
  });
});
