import { faultsOfToday, holds } from "./support/matrix";
import { describePython } from "./support/runtime";

describePython("a handler of Python with the reporter is as without it", () =>
  holds("python", { faults: faultsOfToday(10), isUnbuffered: true }),
);
