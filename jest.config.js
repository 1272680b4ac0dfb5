/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  maxWorkers: "100%",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // Types are checked by `npm run lint`; here each file is only translated.
  transform: { "\\.ts$": ["ts-jest", { tsconfig: "tsconfig.jest.json" }] },
  moduleNameMapper: {
    "^cdktf-tencent-logs$": "<rootDir>/lib/index.ts",
    "^cdktf-tencent-logs/tencentcloud$": "<rootDir>/lib/tencentcloud.ts",
    "^cdktf-tencent-logs/processor$": "<rootDir>/functions/processors/define.ts",
    "^cdktf-tencent-logs/testing$": "<rootDir>/lib/testing/index.ts",
  },
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out"],
};
