import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ClsStreamPipeline,
  CosOutput,
  LogBucket,
  LogProcessor,
  LogRules,
  LogTopic,
  named,
  ruleFunctions,
} from "../../../lib";
import { Lazy, Testing } from "../../../lib/framework";
import { filesOf } from "../support/zip";
import { testStack } from "../support/stack";

const { dctMake, drop, dtMO, eIf, eIfElse, eOutput, eRegex, eSearch, eSet, ip2long, keep, opAdd, v } = ruleFunctions;

function pipeline(rules: LogRules, more: object = {}) {
  const stack = testStack();
  const bucket = new LogBucket(stack, "Lake", { bucketName: "lake", appId: "1250000000" });
  const topic = new LogTopic(stack, "Access", { topicName: "access" });
  const outputs = { main: new CosOutput(bucket, { prefix: "main/" }) };
  new ClsStreamPipeline(stack, "Stream", { topic, bucket, outputs, rules, ...more });
  return stack;
}

describe("ruleFunctions", () => {
  it("print to the text of the language", () => {
    const rules = LogRules.of(
      eIf(eSearch("ret: pass"), eSet("result", "pass")),
      eIfElse(eSearch('a: "b"'), keep, drop),
      eSet("n", opAdd(v("a", named({ default: "0" })), 'q"\n'), "f", 1.5, "i", 10n, "b", true, named({ mode: "fill" })),
      eRegex("msg", "(?P<ip>\\d+)", { a: "b" }),
      eSet("d", dctMake("k", [1, null])),
      eSet("x", ip2long(v("ip")), "y", dtMO(1)),
      eOutput("main"),
    );
    expect(rules.text.split("\n")).toEqual([
      'e_if(e_search("ret: pass"), e_set("result", "pass"))',
      'e_if_else(e_search("a: \\"b\\""), KEEP, DROP)',
      'e_set("n", op_add(v("a", default="0"), "q\\"\\n"), "f", 1.5, "i", 10, "b", True, mode="fill")',
      'e_regex("msg", r"(?P<ip>\\d+)", {"a": "b"})',
      'e_set("d", dct_make("k", [1, None]))',
      'e_set("x", ip2long(v("ip")), "y", dt_MO(1))',
      'e_output("main")',
      "",
    ]);
    expect(rules.check(["main"]).errors).toEqual([]);
  });

  it("refuse what only the plan knows, and named arguments that are not last", () => {
    expect(() => eSet("a", Lazy.stringValue({ produce: () => "x" }))).toThrow('read it with resLocal("NAME")');
    expect(() => eSet(named({ mode: "fill" }), "a", "b")).toThrow(
      "e_set must get named arguments last, got them at 1 of 3",
    );
  });
});

describe("the rules of a pipeline", () => {
  it("travel in the zip with the engine and the libraries that they need", () => {
    const text = 'e_json("a", jmes="b.c", output="d")\n';
    const files = filesOf(pipeline(LogRules.fromText(text)));
    expect(Object.keys(files).sort()).toEqual([
      "cdktf-tencent-logs.NOTICES.txt",
      "index.js",
      "rules-jmes.js",
      "rules.js",
      "rules.sls",
    ]);
    expect(Buffer.from(files["rules.sls"]).toString()).toBe(text);
    expect(Object.keys(filesOf(pipeline(LogRules.fromText('e_set("a", "${b} %{c}")')))).sort()).toEqual([
      "index.js",
      "rules.js",
      "rules.sls",
    ]);
  });

  it("are checked against its outputs, all at once, with the file's name", () => {
    const file = join(mkdtempSync(join(tmpdir(), "rules-")), "access.sls");
    writeFileSync(file, '\ufeffe_output("mian")\ne_sett("a", 1)\n');
    expect(() => pipeline(LogRules.fromFile(file))).toThrow(
      expect.objectContaining({
        code: "LOGS_RULES",
        message: expect.stringMatching(
          /rules must have no errors, got 2 errors; correct them:\n.*access\.sls:1:10 error RULES_OUTPUT: .*; did you mean main\?\n[^]*access\.sls:2:1 error RULES_UNKNOWN_NAME/,
        ),
      }) as Error,
    );
  });

  it("stand in place of a processor, not beside it", () => {
    const rules = LogRules.fromText("e_keep()");
    expect(() => pipeline(rules, { processor: LogProcessor.count() })).toThrow(
      expect.objectContaining({
        code: "LOGS_RULES_BESIDE",
        message: expect.stringContaining("rules must be left out beside processor"),
      }) as Error,
    );
    const stack = pipeline(undefined as never, { processor: LogProcessor.rules(rules) });
    expect(Testing.synth(stack)).toContain('\\"type\\":\\"rules\\"');
  });

  it("refuse a text that only the plan knows", () => {
    expect(() => LogRules.fromText(Lazy.stringValue({ produce: () => "e_keep()" }))).toThrow(
      "rules must be known at synth",
    );
  });

  it("take look-around where backtracking is asked for", () => {
    const rules = LogRules.fromText(String.raw`e_regex("a", r"(?<=x)(?P<b>\d+)")`);
    expect(rules.check().errors[0]).toContain('rewrite it, or set regexEngine to "backtracking"');
    expect(rules.with({ regexEngine: "backtracking" }).check().errors).toEqual([]);
  });
});

it("a rule text whose file is missing is refused: LOGS_RULES_FILE", () => {
  expect(() => LogRules.fromFile("rules/none.sls")).toThrow(
    /^\[LogRules\.fromFile\] path must be that of a rule text, got no file at \S+none\.sls; correct the path \(LOGS_RULES_FILE\)$/,
  );
});
