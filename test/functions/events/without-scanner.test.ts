/** The suite of delivered logs where WebAssembly is missing: each log is found and read by JSON.parse, alone. */
Reflect.deleteProperty(globalThis, "WebAssembly");

describe("without WebAssembly", () => {
  it("there is no scanner", () => {
    const path = "../../../functions/parser/scan/scanner";
    expect(jest.requireActual<typeof import("../../../functions/parser/scan/scanner")>(path).scanner()).toBeUndefined();
  });

  jest.requireActual("./delivered-logs.test");
});
