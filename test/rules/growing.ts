import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { PEAK_MB } from "./peak-memory";

/** What makes more than 16 Mi of texts of 12 Mi and 8 Mi, and is refused before it is made. */
export const AT_ONCE: readonly string[] = [
  'op_add(v("a"), v("a"))',
  'str_join("", v("a"), v("a"))',
  'str_join(v("a"), "1", "2", "3")',
  'str_format("{}{!r}", v("a"), v("a"))',
  'str_replace(v("a"), "x", v("a"))',
  'str_encode(v("a"), "utf-16")',
  'bin2oct(v("a"))',
  'ct_str(lst_make(v("a"), v("a")))',
  'ct_str(dct_make("k", v("a"), "l", v("a")))',
  'str_upper(str_replace(v("b"), "b", "ΐ"))',
  'str_lower(str_replace(v("a"), "x", "İ"))',
];

/** Likewise, and takes seconds; some of it fits. */
export const SLOWLY: readonly string[] = [
  'str_replace(v("a"), "", "--")',
  'str_translate(v("a"), "\\"", "b")',
  'str_reverse(v("a"))',
  'str_sort(v("a"))',
  'str_title(str_translate(v("a"), "x", "Σ"))',
  'str_capitalize(str_translate(v("a"), "x\\"", "ΣΣ"))',
  'str_swapcase(str_translate(v("a"), "x", "Σ"))',
  'op_add(op_slice(v("a"), 1, 12000000), "😀")',
  'str_format(str_replace(v("a"), "\\"", "y"), "x")',
  'str_split(v("a"), "x")',
  'regex_replace(v("a"), "", "-")',
  'regex_findall(v("a"), ".")',
  'url_encoding(v("a"))',
  'html_encoding(v("a"))',
  'str_zip(v("a"), v("a"))',
  'json_select(ct_str(lst_make(v("b"))), "join(@[0], [@[0], @[0]])")',
  'jwt_encoding(dct_make("k", v("a")), "0123456789abcdef0123456789abcdef")',
];

/** Runs each in one process with the heap of a function, and expects the limit's message, or a text that fits. */
export function expectBounded(calls: readonly string[]): void {
  const script = `
    const { compileRules } = require("./dist/rules/run/engine.js");
    const { Event } = require("./dist/rules/run/event.js");
    const { rulePartsIn } = require("./dist/functions/runtime/loader.js");
    const parts = rulePartsIn(require("node:path").resolve("dist/parts"));
    const a = 'x"'.repeat(6e6), b = 'b'.repeat(8e6);
    for (const call of ${JSON.stringify(calls)}) {
      const { emitted, failure } = compileRules('e_set("o", op_len(' + call + '))', { parts, environment: {} })
        .run(new Event({ a, b }));
      console.log(failure ?? emitted[0].event.get("o"));
    }
    console.log(${PEAK_MB});`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--max-old-space-size=256", "-e", script], {
    cwd: join(__dirname, "../.."),
    encoding: "utf8",
  });
  expect({ status, stderr: stderr.slice(-300) }).toEqual({ status: 0, stderr: "" });
  const told = stdout.trim().split("\n");
  calls.forEach((call, at) => {
    const isFit = /str_(?:translate|reverse|sort|format)|😀/.test(call) && !AT_ONCE.includes(call);
    const limit = expect.stringMatching(/must have at most \d+ (?:characters|items), got/) as string;
    expect([call, told[at]]).toEqual([call, isFit ? "12000000" : limit]);
  });
  expect(Number(told.at(-1))).toBeLessThan(400);
}
