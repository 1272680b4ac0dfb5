import { missingBefore } from "../lib/before.mjs";
import { accessLog } from "../lib/generate.mjs";
import { openFunction, TO_COS } from "../lib/function.mjs";

/** Typical rules for these lines; each line is changed and written. */
const SEVEN_LINES = String.raw`e_set("result", "pass")
e_drop_fields("http_user_agent", "__FILENAME__")
e_if(e_search("status >= 500"), e_set("level", "error"))
e_if(e_match("uri", r"/v\d+/.*"), e_set("kind", "api"))
e_if(e_search("method==HEAD"), DROP)
e_if(e_has("items"), e_split("items"))
e_output("main")
`;

const open = (which) => (path) =>
  openFunction(which, path, {
    processor: { type: "rules" },
    outputs: TO_COS,
    files: { "rules.sls": SEVEN_LINES },
  });

/** The seven-line rule, with the result written to COS as gzip. */
export default {
  name: "seven-line rule, lines written",
  file: accessLog,
  judgesCpu: true,
  ours: open("ours"),
  rivals: [{ name: "our code before", missing: missingBefore(), atLeast: 2.5, open: open("before") }],
};
