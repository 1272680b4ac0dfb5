import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import {
  ClsEventSource,
  ClsStreamPipeline,
  CosBatchPipeline,
  FunctionCode,
  FunctionRole,
  LiveLog,
  LogBucket,
  LogFunction,
  LogTopic,
  type LogFunctionProps,
} from "../../../lib";
import { Testing, type TerraformStack } from "../../../lib/framework";
import { planSerializer } from "../../../lib/testing";
import { TencentcloudProvider } from "../../../lib/tencentcloud";
import {
  codesOf,
  planOf,
  readBack,
  resourcesOf,
  testFunction,
  testStack,
  textToken,
  violationsOf,
} from "../support/stack";
import { filesOf } from "../support/zip";

expect.addSnapshotSerializer(planSerializer);

const PYTHON = { runtime: "Python3.10", code: FunctionCode.fromFiles({ "index.py": "def main_handler(e, c): pass" }) };

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "live-log-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const live = (stack: TerraformStack, props = {}): LiveLog =>
  new LiveLog(stack, "Live", { appId: "1250000000", ...props });

/** Actions and resources of the policies of a stack, by the construct whose they are. */
function grants(stack: TerraformStack): Record<string, [string, string[]][]> {
  const policies = Object.entries(planOf(stack).resource.tencentcloud_cam_policy ?? {});
  return Object.fromEntries(
    policies.map(([id, { document }]) => {
      const { statement } = JSON.parse(readBack(document)) as { statement: { action: string[]; resource: string[] }[] };
      return [id.replace(/_Policy.*/, ""), statement.map(({ action, resource }) => [action.join(" "), resource])];
    }),
  );
}

/** What the only function of a stack is told of its live log. */
function settingsIn(stack: TerraformStack): unknown {
  const [{ environment }] = resourcesOf(stack, "tencentcloud_scf_function");
  return JSON.parse(readBack((environment as Record<string, string>).LOGS_LIVE));
}

describe("a live log", () => {
  it("is a topic kept for a day, with the least index, and a bucket that is emptied daily and with the stack", () => {
    const stack = testStack();
    live(stack);
    expect(Testing.synth(stack)).toMatchSnapshot();
  });

  it("takes a bucket, which must be in its region", () => {
    const stack = testStack();
    live(stack, { bucket: LogBucket.fromBucketName(stack, "Lake", "lake-1250000000") });
    expect(resourcesOf(stack, "tencentcloud_cos_bucket")).toEqual([]);
    const shanghai = new TencentcloudProvider(stack, "shanghai", { region: "ap-shanghai", alias: "sh" });
    const far = LogBucket.fromBucketName(stack, "Far", "far-1250000000", { provider: shanghai });
    const other = new LiveLog(stack, "Other", { bucket: far });
    expect(other.node.validate()).toEqual([
      expect.stringMatching(
        /^bucket must be in the region of its live topic \(ap-guangzhou\), got ap-shanghai; .*DIFFERS/,
      ),
    ]);
  });
});

describe("a watched function", () => {
  it("may upload to the live topic and read its own flag, and is told where both are, in this plan", () => {
    const stack = testStack();
    new LogFunction(stack, "Orders", {
      code: FunctionCode.fromDirectory("test/lib/support/handler"),
      liveLog: live(stack),
    });
    expect(Testing.synth(stack)).toMatchSnapshot();
    expect(grants(stack)).toEqual({
      Orders_Role: [
        [
          "cls:pushLog",
          ["qcs::cls:ap-guangzhou:uin/<tencentcloud_user_info.owner_uin>:topic/<tencentcloud_cls_topic.id>"],
        ],
        [
          "name/cos:GetObject",
          [
            "qcs::cos:ap-guangzhou:uid/1250000000:<tencentcloud_cos_bucket.bucket>" +
              "/live/watch/default/<tencentcloud_scf_function.name>.json",
          ],
        ],
      ],
    });
  });

  it.each<[string, Partial<LogFunctionProps>, string, string[], string]>([
    ["of Node.js", {}, "logs-live.main_handler", ["index.js", "logs-live.js"], "index.main_handler"],
    ["of Python", PYTHON, "logs.main_handler", ["index.py", "logs.py"], "index.main_handler"],
    [
      "with a handler of another name",
      { code: FunctionCode.fromFiles({ "src/app.py": "" }), runtime: "Python3.7", handler: "src.app.run" },
      "logs.main_handler",
      ["logs.py", "src/app.py"],
      "src.app.run",
    ],
  ])(
    "%s is wrapped: the reporter stands beside its files, and calls its handler",
    (_what, props, handler, files, own) => {
      const stack = testStack();
      testFunction(stack, "F", { liveLog: live(stack), ...props });
      expect(resourcesOf(stack, "tencentcloud_scf_function")).toMatchObject([{ handler }]);
      expect(Object.keys(filesOf(stack))).toEqual(files);
      expect(settingsIn(stack)).toEqual({
        topic: "<tencentcloud_cls_topic.id>",
        bucket: "<tencentcloud_cos_bucket.bucket>",
        region: "ap-guangzhou",
        handler: own,
      });
    },
  );

  it("reaches CLS and COS over the intranet from a subnet of its own", () => {
    const stack = testStack();
    testFunction(stack, "F", { liveLog: live(stack), vpc: { vpcId: "vpc-1", subnetId: "subnet-1" } });
    expect(settingsIn(stack)).toMatchObject({ network: "intranet" });
  });

  it("keeps the files of a zip that something else made, and has the same bytes each time", () => {
    const file = join(folder, "made.zip");
    writeFileSync(
      file,
      zipSync({ "index.js": strToU8("exports.main_handler = async () => 1;"), "a/b.txt": strToU8("b") }),
    );
    const zips = [1, 2].map(() => {
      const stack = testStack();
      testFunction(stack, "F", { liveLog: live(stack), code: FunctionCode.fromZip(file) });
      expect(Object.keys(filesOf(stack))).toEqual(["index.js", "a/b.txt", "logs-live.js"]);
      return String(resourcesOf(stack, "tencentcloud_scf_function")[0]?.zip_file);
    });
    expect(zips[0]).toBe(zips[1]);
  });

  const refused = (props: Partial<LogFunctionProps>): [string, string][] => {
    const stack = testStack();
    return violationsOf(() => testFunction(stack, "F", { liveLog: live(stack), ...props }));
  };

  it.each(["Go1", "Java8", "Php8.0", "CustomRuntime"])("is refused in another language: %s", (runtime) => {
    expect(refused({ runtime })).toEqual([
      [
        "LOGS_LIVE_RUNTIME",
        `liveLog must be for functions of Node.js or Python 3, got runtime "${runtime}"; leave liveLog out, ` +
          "tencent-logs tail shows what SCF writes to logTopic",
      ],
    ]);
  });

  it("is refused where its code has no such handler, or a file of the reporter's name", () => {
    expect(refused({ handler: "app.main_handler" })).toEqual([
      [
        "LOGS_HANDLER_FILE",
        'handler must name a file of the code (app.js or app/index.js), got "app.main_handler" for index.js; ' +
          "correct handler, or put the file at the code's top",
      ],
    ]);
    expect(refused({ code: FunctionCode.fromFiles({ "index.js": "", "logs-live.js": "" }) })).toEqual([
      [
        "LOGS_CODE_NAME",
        "code must hold no logs-live.js beside liveLog, which adds a file of that name, got one; " +
          "rename it, or leave liveLog out",
      ],
    ]);
    const python = FunctionCode.fromFiles({ "index.py": "", "logs.py": "" });
    expect(refused({ code: python, runtime: "Python3.10" })).toMatchObject([["LOGS_CODE_NAME", expect.any(String)]]);
  });

  it("is refused where a zip is of a format that takes no file", () => {
    const file = join(folder, "large.zip");
    const made = Buffer.from(zipSync({ "index.js": strToU8("") }));
    // As the 64-bit format says that the number stands elsewhere.
    made.writeUInt16LE(0xffff, made.length - 12);
    writeFileSync(file, made);
    expect(refused({ code: FunctionCode.fromZip(file) })).toEqual([
      [
        "LOGS_CODE_ZIP",
        "code must be a zip that liveLog can add a file to, got one of another format; zip the files anew",
      ],
    ]);
  });

  it("has room for its settings among its variables, or is refused", () => {
    expect(refused({ environment: { A: "x".repeat(4000) } })).toMatchObject([
      ["LOGS_ENVIRONMENT_SIZE", expect.stringMatching(/at most 4096 bytes in all, got 4[12]\d\d/)],
    ]);
  });

  it("must be in the live log's region", () => {
    const stack = testStack();
    const provider = new TencentcloudProvider(stack, "shanghai", { region: "ap-shanghai", alias: "sh" });
    const far = testFunction(stack, "F", { liveLog: live(stack), provider });
    expect(far.node.validate()).toEqual([expect.stringContaining("liveLog must be in the region of its function")]);
  });
});

describe("what a live log must not lead to", () => {
  it("is a function that writes SCF's log there", () => {
    const stack = testStack();
    const one = live(stack);
    expect(codesOf(() => testFunction(stack, "F", { liveLog: one, logTopic: one.topic }))).toEqual(["LOGS_LIVE_TOPIC"]);
    // A tail would meet there what no reporter wrote.
    expect(codesOf(() => testFunction(stack, "Unwatched", { logTopic: one.topic }))).toEqual(["LOGS_LIVE_TOPIC"]);
  });

  it("is a function, or a pipeline, that its own live lines invoke", () => {
    const stack = testStack();
    const one = live(stack);
    const worker = testFunction(stack, "F", { liveLog: one });
    expect(codesOf(() => worker.addEventSource(new ClsEventSource(one.topic)))).toEqual(["LOGS_SELF_TOPIC"]);
    for (const Pipeline of [ClsStreamPipeline, CosBatchPipeline]) {
      const build = () => new Pipeline(stack, Pipeline.name, { topic: one.topic, appId: "1250000000", liveLog: one });
      expect(codesOf(build)).toEqual(["LOGS_SELF_TOPIC"]);
    }
  });
});

describe("a pipeline with a live log", () => {
  it("has its function wrapped, beside the handler of the package", () => {
    const stack = testStack();
    new ClsStreamPipeline(stack, "P", { topic: new LogTopic(stack, "T"), appId: "1250000000", liveLog: live(stack) });
    expect(Object.keys(filesOf(stack))).toEqual(["index.js", "logs-live.js"]);
    expect(settingsIn(stack)).toMatchObject({ handler: "index.main_handler" });
  });
});

describe("grantTail", () => {
  const operators = (stack: TerraformStack) => FunctionRole.fromRoleName(stack, "Operators", "operators");
  const uin = "uin/<tencentcloud_user_info.owner_uin>";

  it("allows what a tail does with the functions that have the live log, whenever they come, and no more", () => {
    const stack = testStack();
    const one = live(stack);
    testFunction(stack, "A", { liveLog: one, functionName: "orders", logTopic: new LogTopic(stack, "Log") });
    one.grantTail(operators(stack));
    testFunction(stack, "B", { liveLog: one, functionName: "payments", namespace: "shop" });
    testFunction(stack, "C", { functionName: "unwatched" });
    const name = "<tencentcloud_scf_function.name>";
    const topic = (id: string) => `qcs::cls:ap-guangzhou:${uin}:topic/<${id}>`;
    const logset = (id: string) => `qcs::cls:ap-guangzhou:${uin}:logset/<${id}>`;
    const [live_, log, own] = [
      "tencentcloud_cls_topic.id",
      "tencentcloud_cls_topic.id",
      "tencentcloud_scf_function.cls_topic_id",
    ];
    const flags = "qcs::cos:ap-guangzhou:uid/1250000000:<tencentcloud_cos_bucket.bucket>/live/watch";
    expect(grants(stack).Operators).toEqual([
      [
        "scf:GetFunction",
        [
          `qcs::scf:ap-guangzhou:${uin}:namespace/default/function/${name}`,
          `qcs::scf:ap-guangzhou:${uin}:namespace/shop/function/${name}`,
        ],
      ],
      ["scf:ListFunctions", ["*"]],
      ["cls:pullLogs cls:DescribePartitions", [topic(live_), topic(log), topic(own)]],
      [
        "cls:SearchLog",
        [
          logset("tencentcloud_cls_logset.id"),
          logset("tencentcloud_cls_logset.id"),
          logset("tencentcloud_scf_function.cls_logset_id"),
          topic(live_),
          topic(log),
          topic(own),
        ],
      ],
      ["name/cos:GetObject name/cos:PutObject", [`${flags}/default/${name}.json`, `${flags}/shop/${name}.json`]],
    ]);
  });

  it("is an error at synth where no function has the live log", () => {
    const stack = testStack();
    const one = live(stack);
    one.grantTail(operators(stack));
    expect(one.node.validate()).toEqual([
      "grantTail must be for functions, got none with this live log; give it to a function as liveLog (LOGS_LIVE_UNUSED)",
    ]);
  });

  it("refuses what is no grantee", () => {
    const stack = testStack();
    expect(codesOf(() => live(stack).grantTail("operators" as never))).toEqual(["LOGS_PROP_TYPE"]);
  });

  it("takes tokens where a name is one", () => {
    const stack = testStack();
    const one = live(stack);
    testFunction(stack, "A", { liveLog: one, functionName: textToken() });
    one.grantTail(operators(stack));
    expect(grants(stack).Operators?.[0]?.[1]).toEqual([
      `qcs::scf:ap-guangzhou:${uin}:namespace/default/function/<tencentcloud_scf_function.name>`,
    ]);
  });
});
