import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { compileRules, Event, TopicEvent } = require("../../dist/rules/index.js");
const { rulePartsIn } = require("../../dist/functions/runtime/loader.js");

export { Event, TopicEvent };

/** Typical rules: set and drop fields, two conditions, copy an output, split, output. */
export const SEVEN_LINES = String.raw`e_set("result", "pass")
e_drop_fields("tmp1", "tmp2")
e_if(e_search("status >= 500"), e_set("level", "error"))
e_if(e_match("path", r"/api/v\d+/.*"), e_set("kind", "api"))
e_coutput("archive")
e_if(e_has("items"), e_split("items"))
e_output("main")
`;

/** Rules that only depend on their text. */
export function compiled(text) {
  return compileRules(text, {
    parts: rulePartsIn(new URL("../../dist/parts", import.meta.url).pathname),
    environment: {},
  });
}

/** Events with twenty fields, one of ten with a list to split; the same in every run. */
export function events(count) {
  return Array.from({ length: count }, (_, n) => {
    const fields = {};
    for (let k = 0; k < 14; k++) fields[`field${k}`] = `value ${(n * 31 + k * 7) % 997}`;
    const path = n % 2 === 0 ? `/api/v1/users/${n % 100}` : `/static/${n % 100}.js`;
    const last = n % 10 === 0 ? { items: "a,b" } : { host: `h${n % 10}` };
    const own = { status: String(200 + (n % 4) * 100), path, tmp1: "x", tmp2: "y", agent: "curl/8", ...last };
    // As the parser creates them: objects whose shape V8 knows.
    return JSON.parse(JSON.stringify({ ...fields, ...own }));
  });
}
