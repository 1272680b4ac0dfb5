/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  moduleNameMapper: {
    "^cdktf-tencent-logs$": "<rootDir>/lib/index.ts",
    "^cdktf-tencent-logs/tencentcloud$": "<rootDir>/lib/tencentcloud.ts",
    "^cdktf-tencent-logs/testing$": "<rootDir>/lib/testing/index.ts",
  },
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out"],
};
