/** What takes minutes: `npm run soak`. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.js"),
  // These work and hardly wait.
  maxWorkers: "100%",
  testMatch: ["<rootDir>/test/**/*.soak.ts"],
  testTimeout: 60 * 60 * 1000,
};
