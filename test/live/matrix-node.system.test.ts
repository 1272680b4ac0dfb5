import { findNode18 } from "../functions/support/node18";
import { faultsOfToday, holds } from "./support/matrix";

describe("a handler of Node with the reporter is as without it", () => holds("node", { faults: faultsOfToday(10) }));

// A machine without it cannot run this; the name of the skipped test says what is missing.
const node18 = findNode18();
if ("path" in node18) {
  describe("so it is on Node 18, the one of SCF", () =>
    holds("node", { faults: faultsOfToday(4), execPath: node18.path }));
} else {
  describe.skip(`so it is on Node 18 (skipped: ${node18.missing})`, () => it("needs it", () => undefined));
}
