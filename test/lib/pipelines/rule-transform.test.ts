import {
  ClsOutput,
  CosOutput,
  LogBucket,
  LogRules,
  LogTopic,
  RuleTransform,
  type RuleTransformProps,
} from "../../../lib";
import { TerraformStack } from "../../../lib/framework";
import { planSerializer } from "../../../lib/testing";
import { codesOf, planOf, testStack, violationsOf } from "../support/stack";

expect.addSnapshotSerializer(planSerializer);

const topic = (topicId: string) => LogTopic.fromTopicAttributes({ topicId, region: "ap-guangzhou" });

const NATIVE = LogRules.fromText('e_drop(e_has("noise"))\ne_if(e_search("status >= 500"), e_output("errors"))');
const BEYOND = LogRules.fromText('e_set("x", "1")\ne_coutput("errors")\ne_set("y", base64_encoding("z"))');

function transformWith(props: Partial<RuleTransformProps> = {}, stack = testStack()): RuleTransform {
  return new RuleTransform(stack, "Rules", {
    topic: topic("source"),
    rules: NATIVE,
    outputs: { errors: new ClsOutput(topic("errors")), rest: new ClsOutput(topic("rest")) },
    defaultOutput: "rest",
    ...props,
  });
}

const typesOf = (transform: RuleTransform) => Object.keys(planOf(TerraformStack.of(transform)).resource);

/** What a construct says at synth. */
const messagesOf = (transform: RuleTransform) =>
  transform.node.metadata.flatMap(({ type, data }) => (type.startsWith("@cdktf/") ? [String(data)] : []));

describe("RuleTransform", () => {
  it("runs rules in a function where nothing else is said", () => {
    const transform = transformWith();
    expect([transform.engine, transform.transform]).toEqual(["function", undefined]);
    expect(transform.pipeline?.function).toBeDefined();
    expect(typesOf(transform)).toContain("tencentcloud_scf_function");
  });

  it("native rules are one task of CLS, and no function", () => {
    const transform = transformWith({ engine: "native", transformName: "route" });
    expect([transform.engine, transform.pipeline]).toEqual(["native", undefined]);
    expect(planOf(TerraformStack.of(transform)).resource).toMatchSnapshot();
  });

  it("auto takes CLS where it can run the rules, and says so", () => {
    const transform = transformWith({ engine: "auto" });
    expect(transform.engine).toBe("native");
    expect(messagesOf(transform)).toEqual(["CLS itself runs the rules, since it can"]);
  });

  it("auto takes a function where CLS cannot run the rules, and says why with lines", () => {
    const transform = transformWith({ engine: "auto", rules: BEYOND });
    expect(transform.engine).toBe("function");
    const [message] = messagesOf(transform);
    expect(message).toContain("a function runs the rules, since CLS cannot:");
    expect(message).toContain("rules:2:1 error RULES_UNSUPPORTED: CLS has no counterpart of e_coutput");
  });

  it("auto takes a function where an output is no topic", () => {
    const stack = testStack();
    const bucket = new LogBucket(stack, "Bucket", { appId: "1250000000" });
    const outputs = { errors: new ClsOutput(topic("errors")), rest: new CosOutput(bucket, { prefix: "rest/" }) };
    const transform = transformWith({ engine: "auto", outputs }, stack);
    expect(transform.engine).toBe("function");
    expect(messagesOf(transform)[0]).toContain("outputs.rest must be a ClsOutput");
  });

  it("refuses what its engine would drop: LOGS_RULES_ENGINE_PROPS", () => {
    const props = { memorySizeMb: 512, alarm: { notice: "n" }, tags: { team: "web" }, environment: { STAGE: "prod" } };
    expect(violationsOf(() => transformWith({ engine: "native", ...props })).map(([, message]) => message)).toEqual(
      ["alarm", "memorySizeMb", "environment", "tags"].map((name) =>
        expect.stringContaining(
          `${name} must be left out where the engine is "native", got one; CLS makes no function`,
        ),
      ),
    );
    expect(codesOf(() => transformWith({ transformName: "route" }))).toEqual(["LOGS_RULES_ENGINE_PROPS"]);
    expect(messagesOf(transformWith({ engine: "auto", memorySizeMb: 512 }))).toEqual([
      "CLS itself runs the rules, since it can",
      'memorySizeMb must be left out where CLS runs the rules; set engine "function" to have a function',
    ]);
  });

  it("refuses native rules whose output says what CLS decides", () => {
    const outputs = {
      errors: new ClsOutput(topic("errors"), { onFailure: "fail" }),
      rest: new ClsOutput(topic("rest")),
    };
    expect(violationsOf(() => transformWith({ engine: "native", outputs }))[0][1]).toContain(
      "outputs.errors.onFailure must be left out: CLS writes to topics in its own way",
    );
  });

  it("warns of what CLS does otherwise", () => {
    const rules = LogRules.fromText('e_pack_fields("all")');
    expect(messagesOf(transformWith({ engine: "native", rules }))).toEqual([
      expect.stringContaining("CLS writes JSON without blanks"),
    ]);
  });

  it.each(["native", "function"] as const)("warns of what rules hardly mean, in engine %s", (engine) => {
    const rules = LogRules.fromText('e_keep("status: 200")');
    const { node } = transformWith({ engine, rules });
    const messages = node.findAll().flatMap((one) => one.node.metadata.map(({ data }) => String(data)));
    expect(messages).toContainEqual(expect.stringContaining("rules:1:8 warning RULES_VALUE: a text is always true"));
  });

  it("auto takes a function where events must be kept that rules fail on, which CLS drops", () => {
    const rules = NATIVE.with({ onError: "keep" });
    const transform = transformWith({ engine: "auto", rules });
    expect(transform.engine).toBe("function");
    expect(messagesOf(transform)[0]).toContain('rules must not have onError "keep": CLS drops what rules fail on');
    expect(violationsOf(() => transformWith({ engine: "native", rules }))[0][0]).toBe("LOGS_RULES_NATIVE");
  });

  it("counts the errors of its rules as a pipeline does", () => {
    expect(violationsOf(() => transformWith({ rules: LogRules.fromText("e_sett(1)") }))).toEqual([
      ["LOGS_RULES", expect.stringMatching(/^rules must have no errors, got 1 error; correct them:\nrules:1:1 error/)],
    ]);
  });

  it("refuses native rules that CLS cannot run, all of them at once", () => {
    const [[code, message]] = violationsOf(() =>
      transformWith({
        engine: "native",
        rules: LogRules.fromText('e_coutput("errors")\n\ne_kv("t")'),
        outputs: {
          errors: new ClsOutput(topic("errors")),
          rest: new ClsOutput(topic("rest")),
          invalid: new ClsOutput(topic("bad")),
        },
      }),
    );
    expect(code).toBe("LOGS_RULES_NATIVE");
    expect(message).toContain('got 3 that it cannot; use engine "function" or "auto":');
    for (const part of ["rules:1:1 ", "rules:3:1 ", "outputs.invalid must be"]) expect(message).toContain(part);
  });

  it.each<[string, Partial<RuleTransformProps>, string[]]>([
    ["rules with errors", { rules: LogRules.fromText("e_sett(1)") }, ["LOGS_RULES"]],
    ["an output that is not there", { rules: LogRules.fromText('e_output("none")') }, ["LOGS_RULES"]],
    ["an engine that is none", { engine: "fast" as "auto" }, ["LOGS_RULES_ENGINE"]],
    [
      "a destination that is the source",
      { engine: "native", outputs: { errors: new ClsOutput(topic("source")), rest: new ClsOutput(topic("rest")) } },
      ["LOGS_TRANSFORM_LOOP"],
    ],
  ])("refuses %s", (_what, props, codes) => {
    expect(codesOf(() => transformWith(props))).toEqual(codes);
  });
});
