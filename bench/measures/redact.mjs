import { openFunction, TO_COS } from "../lib/function.mjs";
import { LOGS } from "../lib/generate.mjs";

const KINDS = ["phone", "idCard", "email", "bankCard", "tencentKeys"].map((type) => ({ type }));

export const logs = ["access", "mixed", "nested"];

/** All kinds of redaction on a log with few matches, written to COS as gzip, compared with no redaction. */
export default (log) => {
  const open = (settings) => (path) =>
    openFunction("ours", path, { processor: { type: "count" }, outputs: TO_COS, settings });
  return {
    name: `redact of all kinds, ${log}`,
    file: LOGS[log],
    ours: open({ redact: KINDS }),
    rivals: [{ name: "without redact", open: open({}) }],
  };
};
