import {
  ClsOutput,
  ClsStreamPipeline,
  CosBatchPipeline,
  LogRules,
  LogTopic,
  RuleTransform,
  type PipelineProps,
} from "../../../lib";
import { Checks } from "../../../lib/errors";
import type { Construct } from "../../../lib/framework";
import * as engine from "../../../rules/run/engine";
import { codesOf, testStack } from "../support/stack";

const TOPIC = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });
const OUTPUTS = { clean: new ClsOutput(LogTopic.fromTopicAttributes({ topicId: "other" })) };

const PIPELINES: [string, (scope: Construct, props: PipelineProps) => Construct][] = [
  ["CosBatchPipeline", (scope, props) => new CosBatchPipeline(scope, "P", props)],
  ["ClsStreamPipeline", (scope, props) => new ClsStreamPipeline(scope, "P", props)],
];

afterEach(() => jest.restoreAllMocks());

describe.each(PIPELINES)("what a %s is given", (_, make) => {
  it("is checked once, though it makes a function and a bucket of it", () => {
    const integers = jest.spyOn(Checks.prototype, "integer");
    const patterns = jest.spyOn(Checks.prototype, "pattern");
    make(testStack(), {
      topic: TOPIC,
      appId: "1250000000",
      memorySizeMb: 256,
      timeoutSeconds: 60,
      functionName: "worker",
    });
    const paths = [...integers.mock.calls, ...patterns.mock.calls].map(([path]) => path);
    for (const name of ["memorySizeMb", "timeoutSeconds", "functionName", "appId"]) {
      expect([name, paths.filter((path) => path === name).length]).toEqual([name, 1]);
    }
  });

  it("is refused with all that is wrong with its function and its bucket", () => {
    const wrong = { topic: TOPIC, appId: "1", memorySizeMb: 1, timeoutSeconds: 0, lifecycle: [{ expirationDays: 0 }] };
    expect(codesOf(() => make(testStack(), wrong)).sort()).toEqual([
      "LOGS_APP_ID",
      "LOGS_FUNCTION_MEMORY",
      "LOGS_FUNCTION_TIMEOUT",
      "LOGS_LIFECYCLE",
    ]);
  });

  it("has its rule text checked once", () => {
    const checkRules = jest.spyOn(engine, "checkRules");
    const rules = LogRules.fromText('e_set("a", "1")\ne_output("clean")\n');
    make(testStack(), { topic: TOPIC, appId: "1250000000", rules, outputs: OUTPUTS });
    expect(checkRules).toHaveBeenCalledTimes(1);
  });
});

describe("the rules of a RuleTransform", () => {
  it.each(["function", "auto", "native"] as const)("are checked once where the engine is %j", (engineName) => {
    const checkRules = jest.spyOn(engine, "checkRules");
    const rules = LogRules.fromText('e_set("a", "1")\ne_output("clean")\n');
    const props = { topic: TOPIC, outputs: OUTPUTS, rules, engine: engineName };
    new RuleTransform(testStack(), "Rules", props);
    expect(checkRules).toHaveBeenCalledTimes(1);
  });
});
