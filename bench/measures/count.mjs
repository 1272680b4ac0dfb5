import { LOGS } from "../lib/generate.mjs";
import { readWithOurs } from "../lib/ours.mjs";
import { parseWithReadline } from "../lib/readline.mjs";

export const logs = Object.keys(LOGS);

/** Validates and counts every line as JSON. */
export default (log) => ({
  name: `count, ${log}`,
  file: LOGS[log],
  judgesCpu: true,
  ours: (path) => () => readWithOurs(path, "json"),
  rivals: [
    { name: "readline + JSON.parse", atLeast: 2.7, open: (path) => () => parseWithReadline(path) },
    { name: 'ours, check: "shape"', atLeast: 0.9, open: (path) => () => readWithOurs(path, "shape") },
  ],
});
