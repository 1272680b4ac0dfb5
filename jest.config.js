const { availableParallelism } = require("node:os");

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // More than there are processors: many suites wait for processes of their own.
  maxWorkers: 2 * availableParallelism(),
  // Where sources lie as well: `npm run check` asks which tests belong to a file.
  roots: [
    "test",
    "lib",
    "functions",
    "rules",
    "monitor",
    "parts",
    "deploy",
    "local",
    "cli",
    "terminal",
    "examples",
  ].map((room) => `<rootDir>/${room}`),
  testMatch: ["<rootDir>/test/**/*.test.ts", "<rootDir>/examples/*/*.test.ts"],
  // `npm run test:system`: see jest.system.config.js.
  testPathIgnorePatterns: ["/node_modules/", "\\.system\\.test\\.ts$"],
  // A process of its own takes a second to start, and many times that on a machine that is busy.
  testTimeout: 30_000,
  // Types are checked by `npm run lint`; here each file is only translated.
  transform: { "\\.ts$": ["ts-jest", { tsconfig: "tsconfig.jest.json" }] },
  moduleNameMapper: {
    "^cdktf-tencent-logs$": "<rootDir>/lib/index.ts",
    "^cdktf-tencent-logs/tencentcloud$": "<rootDir>/lib/tencentcloud.ts",
    "^cdktf-tencent-logs/processor$": "<rootDir>/functions/processors/define.ts",
    "^cdktf-tencent-logs/live$": "<rootDir>/functions/live/index.ts",
    "^cdktf-tencent-logs/testing$": "<rootDir>/lib/testing/index.ts",
  },
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out"],
};
