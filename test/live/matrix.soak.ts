import { holds } from "./support/matrix";
import { describePython } from "./support/runtime";

describe("a handler of Node with the reporter is as without it", () => holds("node"));
describePython("a handler of Python with the reporter is as without it", () => {
  holds("python");
  describe("unbuffered", () => holds("python", { isUnbuffered: true }));
});
