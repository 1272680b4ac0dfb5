import { failureOf } from "../../../functions/invocation/failure";

describe("an error that nobody foresaw", () => {
  it("is transient, and told short and without keys", () => {
    const error = new SyntaxError(`Invalid: AKIDabc123 ${"x".repeat(10_000)}`);
    expect(failureOf(error)).toEqual({
      kind: "transient",
      code: "SyntaxError",
      message: `Invalid: AKID*** ${"x".repeat(500 - "Invalid: AKID*** ".length)}`,
    });
  });

  it("has its own code where it has one", () => {
    expect(failureOf(Object.assign(new Error("no room"), { code: "ENOSPC" }))).toMatchObject({ code: "ENOSPC" });
  });
});
