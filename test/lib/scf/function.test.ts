import { FunctionRole } from "../../../lib/cam/role";
import { LogTopic } from "../../../lib/cls/topic";
import { TerraformStack } from "../../../lib/framework";
import type { HandlerSettings } from "../../../functions/settings";
import { FunctionCode } from "../../../lib/scf/code";
import type { LogFunctionProps } from "../../../lib/scf/function";
import { describeProp } from "../support/refused";
import {
  codesOf,
  grantsOf,
  numberToken,
  onlyResource,
  readBack,
  resourcesOf,
  testFunction,
  testStack,
  textToken,
  violationsOf,
} from "../support/stack";

const FUNCTION = "tencentcloud_scf_function";

/** Settings in which nothing has a default. */
const SETTINGS: HandlerSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "code" },
  quarantine: { bucket: "b-1250000000", region: "ap-guangzhou", prefix: "q/" },
  maxLineBytes: 1024,
};
const functionWith = (props: Partial<LogFunctionProps>) => testFunction(testStack(), "Worker", props);
const functionOf = (props: Partial<LogFunctionProps>) => onlyResource(TerraformStack.of(functionWith(props)), FUNCTION);

describe("LogFunction", () => {
  it("says everything that the provider would default otherwise, and runs as a role of its own", () => {
    const stack = testStack();
    testFunction(stack, "Worker", { tags: { team: "web" } });
    expect(onlyResource(stack, FUNCTION)).toEqual({
      name: expect.stringMatching(/^logs-worker-[0-9a-f]{6}$/),
      namespace: "default",
      handler: "index.main_handler",
      runtime: "Nodejs18.15",
      mem_size: 256,
      timeout: 300,
      role: expect.stringMatching(/^\$\{tencentcloud_cam_role\.Worker_Role_\w+\.name\}$/),
      zip_file: expect.stringMatching(/^assets\/.*\.zip$/),
      enable_public_net: true,
      tags: { team: "web" },
      lifecycle: { replace_triggered_by: [expect.stringMatching(/^terraform_data\.Worker_Identity_\w+\.output$/)] },
    });
    expect(onlyResource(stack, "tencentcloud_cam_role").tags).toEqual({ team: "web" });
  });

  it("runs as a role that is given, and may do what is granted to it", () => {
    const stack = testStack();
    const target = testFunction(stack, "Worker", { role: FunctionRole.fromRoleName(stack, "Role", "run-role") });
    target.addToPolicy({ action: ["cls:SearchLog"], resource: ["a"] });
    expect(onlyResource(stack, FUNCTION).role).toBe("run-role");
    expect(resourcesOf(stack, "tencentcloud_cam_role")).toEqual([]);
    expect(grantsOf(stack)).toEqual({ "cls:SearchLog": ["a"] });
  });

  it("keeps its default name within what SCF takes, however deep it stands", () => {
    const target = testFunction(testStack(), "x".repeat(100));
    expect(onlyResource(TerraformStack.of(target), FUNCTION).name).toMatch(/^logs-x+-[0-9a-f]{6}$/);
    expect(onlyResource(TerraformStack.of(target), FUNCTION).name).toHaveLength(60);
  });

  it("hands texts to the cloud as the user wrote them", () => {
    const { description, environment } = functionOf({
      description: "counts ${lines}",
      environment: { PATTERN: "%{IP:client} ${x}", TOPIC: `id: ${textToken()}` },
      code: FunctionCode.prebuilt("cos-batch"),
      settings: { ...SETTINGS, quarantine: { bucket: 'q" ${y} %{z}', region: textToken(), prefix: "q/" } },
    });
    const variables = environment as Record<string, string>;
    expect(readBack(description)).toBe("counts ${lines}");
    expect(readBack(variables.PATTERN)).toBe("%{IP:client} ${x}");
    expect(readBack(variables.TOPIC)).toBe("id: <terraform_data.output>");
    expect(JSON.parse(readBack(variables.LOGS_SETTINGS))).toHaveProperty("quarantine", {
      bucket: 'q" ${y} %{z}',
      region: "<terraform_data.output>",
      prefix: "q/",
    });
  });

  it("reaches the public network outside a subnet, and inside one where it is told to", () => {
    const vpc = { vpcId: "vpc-1", subnetId: "subnet-1" };
    expect(functionOf({})).toMatchObject({ enable_public_net: true });
    expect(functionOf({ vpc })).toMatchObject({ enable_public_net: false, vpc_id: "vpc-1", subnet_id: "subnet-1" });
    expect(functionOf({ vpc, publicNetwork: true })).toMatchObject({ enable_public_net: true });
    expect(functionOf({ vpc, publicNetwork: false })).toMatchObject({ enable_public_net: false });
  });

  it("is refused without public network outside a subnet, where SCF ignores it: LOGS_FUNCTION_NETWORK", () => {
    expect(violationsOf(() => functionWith({ publicNetwork: false }))).toEqual([
      ["LOGS_FUNCTION_NETWORK", "publicNetwork must be left on without vpc, got false; SCF would turn it on again"],
    ]);
  });

  it("sends its own log to a topic, which must be named with its logset: LOGS_LOGSET_MISSING", () => {
    const logTopic = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });
    expect(functionOf({ logTopic })).toMatchObject({ cls_topic_id: "topic-1", cls_logset_id: "logset-1" });
    expect(
      violationsOf(() => functionWith({ logTopic: LogTopic.fromTopicAttributes({ topicId: "topic-1" }) })),
    ).toEqual([
      [
        "LOGS_LOGSET_MISSING",
        "logTopic.logsetId must be known here, got nothing; pass logsetId to LogTopic.fromTopicAttributes",
      ],
    ]);
  });

  describeProp({
    prop: "memorySizeMb",
    code: "LOGS_FUNCTION_MEMORY",
    rule: "must be a whole number from 128 to 3072 MB in steps of 128",
    build: (memorySizeMb: number) => functionWith({ memorySizeMb }),
    passes: [128, 384, 3072, numberToken()],
    refused: [64, 0, 129, 3200],
  });

  describeProp({
    prop: "timeoutSeconds",
    code: "LOGS_FUNCTION_TIMEOUT",
    rule: "must be a whole number from 1 to 900 seconds",
    build: (timeoutSeconds: number) => functionWith({ timeoutSeconds }),
    passes: [1, 900, numberToken()],
    refused: [0, 901, 1.5],
  });

  describeProp({
    prop: "functionName",
    code: "LOGS_FUNCTION_NAME",
    rule: "must have 2 to 60 letters, digits, -, _ and :, begin with a letter and not end with - or _",
    build: (functionName: string) => functionWith({ functionName }),
    passes: ["ab", "a-b_c:d", "x".repeat(60), textToken()],
    refused: ["", "a", "1a", "-a", "a-", "a_", "a.b", "日志", "x".repeat(61)],
  });

  describeProp({
    prop: "handler",
    code: "LOGS_HANDLER",
    rule: "must name a file and an export in 2 to 60 characters, like index.main_handler",
    build: (handler: string) => functionWith({ handler }),
    passes: ["index.main_handler", "com.x.Main::run", "x".repeat(60), textToken()],
    refused: ["", "i", "1ndex.main", "index.main_", "src/index.main", "x".repeat(61)],
  });

  it("reports all that is wrong at once", () => {
    const wrong = { functionName: "", handler: "", memorySizeMb: 1, timeoutSeconds: 0, environment: { SCF_X: "" } };
    expect(codesOf(() => functionWith({ ...wrong, publicNetwork: false })).sort()).toEqual([
      "LOGS_ENVIRONMENT_NAME",
      "LOGS_FUNCTION_MEMORY",
      "LOGS_FUNCTION_NAME",
      "LOGS_FUNCTION_NETWORK",
      "LOGS_FUNCTION_TIMEOUT",
      "LOGS_HANDLER",
    ]);
  });
});

describe("a function's environment", () => {
  /** A variable of so many bytes, its one-letter name included. */
  const bytes = (count: number) => ({ X: "x".repeat(count - 1) });

  it("may have 4,096 bytes in all, and no more: LOGS_ENVIRONMENT_SIZE", () => {
    expect(codesOf(() => functionWith({ environment: bytes(4096) }))).toEqual([]);
    expect(violationsOf(() => functionWith({ environment: bytes(4097) }))).toEqual([
      [
        "LOGS_ENVIRONMENT_SIZE",
        "environment must have at most 4096 bytes in all, got 4097; move data into the function's code",
      ],
    ]);
  });

  it("counts bytes, not characters", () => {
    expect(codesOf(() => functionWith({ environment: { X: "日".repeat(1365) } }))).toEqual([]);
    expect(codesOf(() => functionWith({ environment: { X: "日".repeat(1366) } }))).toEqual(["LOGS_ENVIRONMENT_SIZE"]);
  });

  it("counts a token as 64 bytes", () => {
    const environment = (count: number) => ({ ...bytes(count), Y: textToken() });
    expect(codesOf(() => functionWith({ environment: environment(4096 - 65) }))).toEqual([]);
    expect(codesOf(() => functionWith({ environment: environment(4096 - 64) }))).toEqual(["LOGS_ENVIRONMENT_SIZE"]);
  });

  it("counts the settings as well", () => {
    const room = 4096 - "LOGS_SETTINGS".length - JSON.stringify(SETTINGS).length;
    const build = (environment: Record<string, string>) =>
      functionWith({ code: FunctionCode.prebuilt("cos-batch"), settings: SETTINGS, environment });
    expect(codesOf(() => build(bytes(room)))).toEqual([]);
    expect(codesOf(() => build(bytes(room + 1)))).toEqual(["LOGS_ENVIRONMENT_SIZE"]);
  });

  it("takes names that SCF takes", () => {
    expect(codesOf(() => functionWith({ environment: { a: "", LEVEL_2: "", MY_SCF_X: "" } }))).toEqual([]);
  });

  it.each(["1A", "A-B", "A B", "", "_A", "日志"])("refuses the name %j: LOGS_ENVIRONMENT_NAME", (name) => {
    expect(violationsOf(() => functionWith({ environment: { [name]: "" } }))).toEqual([
      [
        "LOGS_ENVIRONMENT_NAME",
        `environment.${name} must be named with letters, digits and _, beginning with a letter, got "${name}"; rename it`,
      ],
    ]);
  });

  it.each(["SCF_X", "QCLOUD_X", "TENCENTCLOUD_SECRETID", "LOGS_SETTINGS"])(
    "refuses the name %s, which is kept: LOGS_ENVIRONMENT_NAME",
    (name) => {
      expect(violationsOf(() => functionWith({ environment: { [name]: "" } }))).toEqual([
        ["LOGS_ENVIRONMENT_NAME", expect.stringContaining(`environment.${name} must not begin with SCF_, QCLOUD_`)],
      ]);
    },
  );
});
