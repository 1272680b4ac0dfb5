import { CosOutput, FunctionCode, LogBucket, type HandlerSettings, type PrebuiltHandler } from "../../../lib";
import { TerraformStack } from "../../../lib/framework";
import { LogFunction } from "../../../lib/scf/function";
import {
  numberToken,
  onlyResource,
  readBack,
  testFunction,
  testStack,
  textToken,
  violationsOf,
} from "../support/stack";

const SETTINGS: HandlerSettings<"cls-stream"> = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count" },
  quarantine: { bucket: "b-1250000000", region: "ap-guangzhou", prefix: "q/" },
};

function handlerWith(settings: object, handler: PrebuiltHandler = "cos-batch"): LogFunction {
  const code = FunctionCode.prebuilt(handler);
  return testFunction(testStack(), "Worker", { code, settings: settings as HandlerSettings });
}

/** What is said of settings that were written in plain JavaScript. */
const wrongIn = (more: object, handler?: PrebuiltHandler) =>
  violationsOf(() => handlerWith({ ...SETTINGS, ...more }, handler)).map(([code, message]) => `${message} (${code})`);

const settingsIn = (target: LogFunction): unknown => {
  const { environment } = onlyResource(TerraformStack.of(target), "tencentcloud_scf_function");
  return JSON.parse(readBack((environment as Record<string, string>).LOGS_SETTINGS));
};

describe("settings of a prebuilt handler", () => {
  it("stand in the plan with their defaults", () => {
    const webhook = { type: "webhook", urlSecret: "LOGS_SECRET_A" };
    expect(settingsIn(handlerWith({ ...SETTINGS, outputs: { a: webhook }, maxUnpackRatio: undefined }))).toEqual({
      ...SETTINGS,
      processor: { type: "count", check: "json" },
      maxLineBytes: 1024 * 1024,
      outputs: { a: { ...webhook, onFailure: "quarantine", format: "json", maxBatchRecords: 100 } },
    });
  });

  it("are refused with a misspelt name, and the one that was meant: LOGS_SETTINGS", () => {
    expect(wrongIn({ maxUnpackRato: 3 })).toEqual([
      "settings.maxUnpackRato must be the name of a setting, got an unknown one; did you mean maxUnpackRatio? (LOGS_SETTINGS)",
    ]);
    expect(wrongIn({ processor: { type: "count", kind: "json" } })).toEqual([
      "settings.processor.kind must be the name of a setting, got an unknown one; leave it out, or use one of check (LOGS_SETTINGS)",
    ]);
  });

  it("are refused with a name that only another handler knows", () => {
    expect(wrongIn({ maxUnpackRatio: 100 })).toEqual([]);
    expect(wrongIn({ maxUnpackRatio: 100 }, "cls-stream")).toEqual([
      expect.stringContaining(
        "settings.maxUnpackRatio must be the name of a setting, got an unknown one; leave it out",
      ),
    ]);
  });

  it("are refused with all that is wrong at once, by the path of each", () => {
    expect(
      wrongIn({ region: "", outputs: { a: { type: "cls", topicId: "t", region: "r", onFailure: "no" } } }),
    ).toEqual([
      'settings.region must be a non-empty string, got ""; correct it (LOGS_SETTINGS)',
      'settings.outputs.a.onFailure must be "quarantine" or "fail", got "no"; correct it (LOGS_SETTINGS)',
    ]);
  });

  it("repeat no secret, neither in the place of its variable nor under a name that nobody knows", () => {
    const password = "hidden-0009";
    const kafka = {
      type: "ckafka",
      brokers: ["b:9092"],
      topic: "t",
      username: "u",
      passwordSecret: password,
      password,
    };
    const told = wrongIn({ outputs: { a: kafka } });
    expect(told).toHaveLength(2);
    expect(told.join()).not.toContain(password);
  });

  it("pass where only the plan knows them", () => {
    const quarantine = { bucket: textToken(), region: textToken(), prefix: textToken() };
    const output = { type: "webhook", urlSecret: textToken(), format: textToken(), maxPerMinute: numberToken() };
    const more = { region: textToken(), maxLineBytes: numberToken(), quarantine, outputs: { a: output } };
    expect(wrongIn(more)).toEqual([]);
  });

  it("are none of code of another kind", () => {
    expect(violationsOf(() => testFunction(testStack(), "Worker", { settings: SETTINGS }))).toEqual([
      [
        "LOGS_SETTINGS",
        "settings must be left out beside code that is none of the package's handlers, got some; " +
          "hand it what it needs in environment",
      ],
    ]);
  });

  it("come later where they need the function, and once", () => {
    const stack = testStack();
    const target = testFunction(stack, "Worker", { code: FunctionCode.prebuilt("cos-batch") });
    const bucket = LogBucket.fromBucketName(stack, "Out", "out-1250000000");
    target.configure({ ...SETTINGS, outputs: { out: new CosOutput(bucket, { prefix: "x/" }).bind(target, "out") } });
    expect(settingsIn(target)).toHaveProperty("outputs.out.prefix", "x/");
    expect(violationsOf(() => target.configure(SETTINGS))).toEqual([
      ["LOGS_SETTINGS", "settings must be given once, got them a second time; give all of them at once"],
    ]);
  });
});

describe("the types of settings", () => {
  /** Compiled by `npm run lint`, and never called. */
  function misspelt(target: LogFunction): void {
    // @ts-expect-error no setting has that name
    target.configure({ ...SETTINGS, maxUnpackRato: 3 });
    // @ts-expect-error an output of this kind has no such setting
    target.configure({ ...SETTINGS, outputs: { a: { type: "cls", topicId: "t", region: "r", prefx: "p/" } } });
    // @ts-expect-error a region is wanted
    target.configure({ ...SETTINGS, quarantine: { bucket: "b", prefix: "q/" } });
    // @ts-expect-error no processor is of that type
    target.configure({ ...SETTINGS, processor: { type: "sum" } });
    // @ts-expect-error no setting has that name
    testFunction(target, "Worker", { settings: { ...SETTINGS, maxLineByte: 3 } });
  }

  it("refuse what is misspelt, as a compiler tells", () => {
    expect(misspelt).toBeInstanceOf(Function);
  });
});
