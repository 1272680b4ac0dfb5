import {
  ClsOutput,
  CosOutput,
  DataTransform,
  LogBucket,
  LogRules,
  LogTopic,
  RuleTransform,
  type RuleTransformProps,
} from "../../../lib";
import { Testing, type TerraformStack } from "../../../lib/framework";
import { testStack } from "../support/stack";

const RULES = LogRules.fromText('e_keep(e_search("status >= 500"))\ne_set("level", "error")\n', {});

interface Plan {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
}

const resourcesOf = (stack: TerraformStack) => (JSON.parse(Testing.synth(stack)) as Plan).resource;

function transform(props: Partial<RuleTransformProps> = {}) {
  const stack = testStack();
  const topic = new LogTopic(stack, "Access", { topicName: "access" });
  const errors = new LogTopic(stack, "Errors", { topicName: "errors" });
  const outputs = { errors: new ClsOutput(errors) };
  return { made: new RuleTransform(stack, "Rules", { topic, rules: RULES, outputs, ...props }), stack, topic };
}

describe("RuleTransform", () => {
  it("runs the rules in a function unless it is told otherwise", () => {
    const { made, stack } = transform();
    expect([made.engine, made.transform]).toEqual(["function", undefined]);
    expect(Object.keys(resourcesOf(stack))).toContain("tencentcloud_scf_function");
    expect(Object.keys(resourcesOf(stack))).not.toContain("tencentcloud_cls_data_transform");
  });

  it.each(["native", "auto"] as const)("%s runs what CLS can do in CLS, with every argument explicit", (engine) => {
    const { made, stack } = transform({ engine, enabled: false, transformName: "errors only" });
    expect([made.engine, made.pipeline]).toEqual(["native", undefined]);
    const { tencentcloud_cls_data_transform: transforms, ...others } = resourcesOf(stack);
    expect(Object.keys(others)).not.toContain("tencentcloud_scf_function");
    const [resource] = Object.values(transforms);
    expect(resource).toMatchObject({
      func_type: 1,
      task_type: 3,
      enable_flag: 2,
      name: "errors only",
      dst_resources: [{ alias: "errors" }],
      etl_content: expect.stringMatching(
        /^log_keep\([^]*\nfields_set\("level", "error", mode="overwrite"\)\nlog_output\("errors"\)\n$/,
      ),
      lifecycle: { replace_triggered_by: [expect.stringMatching(/^terraform_data\./)] },
    });
  });

  it("auto takes a function for what CLS cannot do", () => {
    const { made } = transform({ engine: "auto", rules: LogRules.fromText('e_coutput("errors")\n') });
    expect(made.engine).toBe("function");
  });

  it("native refuses what CLS cannot do, all of it, with its lines", () => {
    const rules = LogRules.fromText('e_coutput("errors")\ne_set("a", "1")\ne_kv("q")\n');
    expect(() => transform({ engine: "native", rules })).toThrow(
      expect.objectContaining({
        code: "LOGS_RULES_NATIVE",
        message: expect.stringMatching(/got 2 that it cannot[^]*rules:1:1 [^]*e_coutput[^]*rules:3:1 [^]*e_kv/),
      }) as Error,
    );
  });

  it("native refuses outputs that are no topics", () => {
    const stack = testStack();
    const lake = new LogBucket(stack, "Lake", { bucketName: "lake", appId: "1250000000" });
    const topic = new LogTopic(stack, "Access", { topicName: "access" });
    const outputs = { archive: new CosOutput(lake, { prefix: "a/" }) };
    expect(() => new RuleTransform(stack, "Rules", { topic, rules: RULES, outputs, engine: "native" })).toThrow(
      "outputs.archive must be a ClsOutput",
    );
  });

  it("refuses an engine that there is none of, and rules with errors", () => {
    expect(() => transform({ engine: "fast" as never })).toThrow(
      expect.objectContaining({ code: "LOGS_RULES_ENGINE" }) as Error,
    );
    expect(() => transform({ rules: LogRules.fromText("e_sett()") })).toThrow("did you mean e_set?");
  });
});

describe("DataTransform", () => {
  it("refuses to feed its own topic, and a name that CLS would refuse", () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Access", { topicName: "access" });
    const make = (id: string, transformName?: string) =>
      new DataTransform(stack, id, { topic, content: "", destinations: [{ alias: "a", topic }], transformName });
    expect(() => make("Loop")).toThrow(expect.objectContaining({ code: "LOGS_TRANSFORM_LOOP" }) as Error);
    expect(() => make("Name", "a|b")).toThrow(expect.objectContaining({ code: "LOGS_TRANSFORM_NAME" }) as Error);
  });
});
