import { missingBefore } from "../lib/before.mjs";
import { accessLog } from "../lib/generate.mjs";
import { openFunction, TO_COS } from "../lib/function.mjs";

/** The way of each release to one field. */
const processorOf = (field) => `module.exports = { record: (record) => (${field} >= "500" ? record : undefined) };`;

const open = (which, field) => (path) =>
  openFunction(which, path, {
    processor: { type: "code" },
    outputs: TO_COS,
    files: { "processor.js": processorOf(field) },
  });

/** The user's code looks at one field; the lines that it keeps, one in seven, are written to COS as gzip. */
export default {
  name: "filter on one field, kept lines as gzip",
  file: accessLog,
  judgesCpu: true,
  ours: open("ours", 'record.get("status")'),
  rivals: [
    { name: "our code before", missing: missingBefore(), atLeast: 1.5, open: open("before", "record.fields.status") },
  ],
};
