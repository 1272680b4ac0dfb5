import { missingBefore } from "../lib/before.mjs";
import { openFunction, TO_CLS } from "../lib/function.mjs";
import { twentyFieldsLog } from "../lib/generate-fields.mjs";

const SET_THREE = `e_set("result", "pass")
e_set("region", "ap-guangzhou")
e_set("kind", "access")
e_drop_fields("tmp1", "tmp2")
`;

const open = (which) => (path) =>
  openFunction(which, path, { processor: { type: "rules" }, outputs: TO_CLS, files: { "rules.sls": SET_THREE } });

/** Each line gets three fields and loses two before it is sent to a topic. */
export default {
  name: "20 fields, rules that set 3 and drop 2, to CLS",
  file: twentyFieldsLog,
  judgesCpu: true,
  ours: open("ours"),
  rivals: [{ name: "our code before", missing: missingBefore(), atLeast: 2, open: open("before") }],
};
