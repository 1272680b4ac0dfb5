/**
 * `npm run test:system`: whole pipelines, each built function or command in a process of its own, killed, cut off and made to
 * wait at its steps. @type {import("jest").Config}
 */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/test/**/*.system.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
};
