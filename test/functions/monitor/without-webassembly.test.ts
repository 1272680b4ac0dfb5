/** The suite of searches before parsing where WebAssembly is missing: a regular expression searches, JSON.parse reads. */
Reflect.deleteProperty(globalThis, "WebAssembly");

describe("without WebAssembly", () => {
  it("there is neither a scanner nor a searcher", () => {
    const scan = jest.requireActual<typeof import("../../../functions/parser/scan/scanner")>(
      "../../../functions/parser/scan/scanner",
    );
    const search = jest.requireActual<typeof import("../../../functions/parser/search/searcher")>(
      "../../../functions/parser/search/searcher",
    );
    expect([scan.scanner(), search.searcher()]).toEqual([undefined, undefined]);
  });

  jest.requireActual("./search.test");
});
