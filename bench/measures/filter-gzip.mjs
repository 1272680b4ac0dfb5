import { missingBefore } from "../lib/before.mjs";
import { LOGS } from "../lib/generate.mjs";
import { openFunction, TO_COS } from "../lib/function.mjs";

/** For each log: a field, and a text in the kept lines, which are one of seven, twenty-four, two and five. */
const KEPT = {
  access: ["status", (field) => `${field} >= "500"`],
  mixed: ["level", (field) => `${field} === "error"`],
  nested: ["level", (field) => `${field} === "error"`],
  short: ["level", (field) => `${field} === "error"`],
};

export const logs = Object.keys(LOGS);

/**
 * The user's code reads one field, with the API of each release; the lines that it keeps are written to COS as gzip.
 */
export default (log) => {
  const [name, isKept] = KEPT[log];
  const open = (which, field) => (path) =>
    openFunction(which, path, {
      processor: { type: "code" },
      outputs: TO_COS,
      files: { "processor.js": `module.exports = { record: (record) => (${isKept(field)} ? record : undefined) };` },
    });
  return {
    name: `filter on one field, kept lines as gzip, ${log}`,
    file: LOGS[log],
    judgesCpu: true,
    ours: open("ours", `record.get("${name}")`),
    rivals: [
      {
        name: "our code before",
        missing: missingBefore(),
        atLeast: 1.5,
        open: open("before", `record.fields.${name}`),
      },
    ],
  };
};
