import { faultsOfToday, holds } from "./support/matrix";

describe("a handler of Node with the reporter is as without it", () => holds("node", faultsOfToday(10)));
