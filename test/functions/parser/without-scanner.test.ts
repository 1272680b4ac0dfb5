/**
 * The parser's suite where WebAssembly is missing, as with `--jitless`, or refused, as where too little address space is
 * left for its memory: the same records come by JSON.parse.
 */
Reflect.deleteProperty(globalThis, "WebAssembly");

describe("without WebAssembly", () => {
  it("there is no scanner", () => {
    const path = "../../../functions/parser/scan/scanner";
    expect(jest.requireActual<typeof import("../../../functions/parser/scan/scanner")>(path).scanner()).toBeUndefined();
  });

  for (const suite of ["parse", "numbers", "deep", "by-name"]) jest.requireActual(`./${suite}.test`);
});
