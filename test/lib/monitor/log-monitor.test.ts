import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TencentcloudProvider } from "@cdktf/provider-tencentcloud/lib/provider";
import { unzipSync } from "fflate";
import { run } from "../../../cli/run";
import {
  AlertReceiver,
  FunctionRole,
  LogBucket,
  LogMonitor,
  LogRules,
  LogTopic,
  type LogMonitorProps,
} from "../../../lib";
import { Testing, type TerraformStack } from "../../../lib/framework";
import { planOf, readBack, testStack, textToken, violationsOf } from "../support/stack";

const GZ = LogTopic.fromTopicAttributes({ topicId: "topic-gz", logsetId: "logset-gz", region: "ap-guangzhou" });
const SG = LogTopic.fromTopicAttributes({ topicId: "topic-sg", logsetId: "logset-sg", region: "ap-singapore" });

interface Made {
  readonly stack: TerraformStack;
  readonly monitor: LogMonitor;
}

/** The example: two regions in one stack, by provider aliases. */
function made(given: Partial<LogMonitorProps> = {}): Made {
  const stack = testStack();
  const singapore = new TencentcloudProvider(stack, "singapore", { region: "ap-singapore", alias: "singapore" });
  const oncall = AlertReceiver.wecom({ name: "oncall", url: textToken(), signatureKey: textToken() });
  const seaTeam = AlertReceiver.slack({ url: textToken() });
  const monitor = new LogMonitor(stack, "Errors", {
    sources: [
      { topic: GZ, name: "gz" },
      { topic: SG, name: "sg", provider: singapore, labels: { team: "sea" } },
    ],
    match: { any: [{ status: "^5\\d\\d$" }, { text: /OutOfMemory|panic:/ }] },
    group: ["service", "status"],
    window: "10m",
    alert: { to: oncall, severity: "critical", also: [{ labels: { team: "sea" }, to: seaTeam }] },
    missing: { for: "15m" },
    appId: "1250000000",
    ...given,
  });
  return { stack, monitor };
}

type Resources = Record<string, Record<string, unknown>>;
const resourcesIn = (stack: TerraformStack, type: string): Resources => planOf(stack).resource[type] ?? {};

function settingsOf(resource: Record<string, unknown>): string {
  return (resource.environment as Record<string, string>).LOGS_SETTINGS;
}

const violations = (given: Partial<LogMonitorProps>) => violationsOf(() => made(given));

describe("LogMonitor", () => {
  it("makes a function and a delivery of three seconds in each region, and one that sums each minute", () => {
    const { stack } = made();
    const functions = resourcesIn(stack, "tencentcloud_scf_function");
    const providers = Object.values(functions).map(({ provider }) => provider ?? "default");
    expect(providers.sort()).toEqual(["default", "default", "tencentcloud.singapore"]);
    const deliveries = Object.values(resourcesIn(stack, "terraform_data"))
      .map(({ input }) => input as Record<string, unknown>)
      .filter((input) => "wait" in input);
    expect(deliveries.map(({ topicId, wait, max }) => [topicId, wait, max]).sort()).toEqual([
      ["topic-gz", 3, 10_000],
      ["topic-sg", 3, 10_000],
    ]);
    expect(Object.values(resourcesIn(stack, "tencentcloud_scf_trigger"))).toMatchObject([
      { type: "timer", trigger_desc: "0 * * * * * *", trigger_name: "sweep" },
    ]);
  });

  it("tells each function its own topics, and the one that sums all of them", () => {
    const { stack } = made();
    const told = Object.values(resourcesIn(stack, "tencentcloud_scf_function")).map(settingsOf);
    expect(told.map((text) => text.match(/topic-../g)).sort()).toEqual([
      ["topic-gz"],
      ["topic-gz", "topic-sg"],
      ["topic-sg"],
    ]);
    for (const text of told) expect(text).toContain('"prefix":"monitor/logs-errors/"');
  });

  it("grants the state's prefix and the record topic, and no more", () => {
    const { stack } = made();
    const policies = Object.values(resourcesIn(stack, "tencentcloud_cam_policy"));
    expect(policies).toHaveLength(3);
    for (const { document } of policies) {
      const { statement } = JSON.parse(readBack(document)) as { statement: { action: string[]; resource: string[] }[] };
      const granted = statement.map(({ action, resource }) => [
        action.join(),
        resource.join().replace(/<[^>]+>/g, "…"),
      ]);
      expect(granted).toEqual([
        ["name/cos:GetObject", "qcs::cos:ap-guangzhou:uid/1250000000:…/monitor/logs-errors/*"],
        ["name/cos:PutObject", "qcs::cos:ap-guangzhou:uid/1250000000:…/monitor/logs-errors/*"],
        ["name/cos:DeleteObject", "qcs::cos:ap-guangzhou:uid/1250000000:…/monitor/logs-errors/*"],
        [
          "name/cos:GetBucket",
          "qcs::cos:ap-guangzhou:uid/1250000000:…/,qcs::cos:ap-guangzhou:uid/1250000000:…/monitor/logs-errors/*",
        ],
        ["name/cos:GetBucketVersioning", "qcs::cos:ap-guangzhou:uid/1250000000:…/"],
        ["cls:pushLog", "qcs::cls:ap-guangzhou:uin/…:topic/…"],
      ]);
    }
  });

  it("grants a process of its user's the sources that it pulls, the state and the record topic, and no more", () => {
    const stack = testStack();
    const monitor = new LogMonitor(stack, "Errors", {
      sources: [
        { topic: GZ, name: "gz", form: "pull" },
        { topic: LogTopic.fromTopicAttributes({ topicId: "pushed" }) },
      ],
      match: { status: "^5" },
      alert: { to: AlertReceiver.json({ url: textToken() }) },
      appId: "1250000000",
    });
    monitor.grantRun(FunctionRole.fromRoleName(stack, "Process", "process"));
    const [document] = Object.values(resourcesIn(stack, "tencentcloud_cam_policy")).flatMap(({ name, document }) =>
      String(name).includes("process") ? [readBack(document)] : [],
    );
    const { statement } = JSON.parse(document) as { statement: { action: string[]; resource: string[] }[] };
    expect(
      statement.slice(0, 2).map(({ action, resource }) => [action.join(), resource.join().replace(/<[^>]+>/g, "…")]),
    ).toEqual([
      ["cls:pullLogs,cls:DescribePartitions", "qcs::cls:ap-guangzhou:uin/…:topic/topic-gz"],
      [
        expect.stringMatching(/^cls:CreateConsumerGroup,.*CommitConsumerOffsets/),
        "qcs::cls:ap-guangzhou:uin/…:logset/logset-gz",
      ],
    ]);
    expect(
      statement
        .slice(2)
        .flatMap(({ action }) => action)
        .sort(),
    ).toEqual([
      "cls:pushLog",
      "name/cos:DeleteObject",
      "name/cos:GetBucket",
      "name/cos:GetBucketVersioning",
      "name/cos:GetObject",
      "name/cos:PutObject",
    ]);
    expect(document).not.toContain("pushed");
  });

  it("puts the definition into the stack's folder, which the command reads", async () => {
    const { stack, monitor } = made();
    const folder = join(Testing.fullSynth(stack), "stacks", stack.node.id);
    const path = join(folder, monitor.definitionPath);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
      monitors: [
        {
          name: "Errors",
          match: { any: [{ status: "^5\\d\\d$" }, { text: { pattern: "OutOfMemory|panic:", flags: "" } }] },
          alert: { to: ["oncall"], severity: "critical", also: [{ labels: { team: "sea" }, to: ["slack"] }] },
        },
      ],
      sources: { gz: { topic: "topic-gz", region: "ap-guangzhou" }, sg: { labels: { team: "sea" } } },
      receivers: {
        oncall: { url: { env: "LOGS_SECRET_ONCALL_URL" }, signatureKey: { env: "LOGS_SECRET_ONCALL_SIGNATURE" } },
      },
    });
    let told = "";
    const status = await run(["monitor", "check", path], {
      stdout: { write: (text) => (told += text) },
      stderr: { write: (text) => (told += text) },
    });
    expect([status, told]).toEqual([0, "1 monitor, 2 sources, 2 receivers, 0 errors\n"]);
  });

  it("packs the definition without what only the plan knows, and the rule engine only where there are rules", () => {
    const filesOf = (given: Partial<LogMonitorProps>): string[] => {
      const { stack } = made(given);
      const folder = join(Testing.fullSynth(stack), "stacks", stack.node.id);
      const [{ zip_file: zip }] = Object.values(resourcesIn(stack, "tencentcloud_scf_function"));
      const bytes = readFileSync(join(folder, zip as string));
      if (given.rules === undefined) expect(bytes.length).toBeLessThan(100_000);
      const files = unzipSync(bytes);
      const definition = Buffer.from(files["monitor.json"]).toString();
      expect(definition).not.toMatch(/topic-gz|TfToken|\$\{/);
      return Object.keys(files).sort();
    };
    expect(filesOf({})).toEqual(["index.js", "monitor.json"]);
    const rules = LogRules.fromText('e_keep(e_search("status: 5*"))');
    expect(filesOf({ match: undefined, rules })).toEqual(["index.js", "monitor.json", "rules.js"]);
  });

  it("makes no function for what a process of its user's reads", () => {
    const { stack } = made({
      sources: [{ topic: GZ, form: "pull" }],
      alert: { to: AlertReceiver.json({ url: textToken() }) },
    });
    expect(Object.keys(resourcesIn(stack, "tencentcloud_scf_function"))).toHaveLength(1);
    expect(
      Object.values(resourcesIn(stack, "terraform_data")).filter(({ input }) => "wait" in (input as object)),
    ).toEqual([]);
  });

  it("tells everything that is wrong with what is looked for, by the props' names", () => {
    expect(
      violations({
        match: { status: "(?=5)", text: "(" },
        window: "3s",
        group: ["a", "a"],
        quiet: [{ from: "22:00", to: "08:00", zone: "Asia/Shangai" }],
      }).map(([code, message]) => `${code} ${message.split(",")[0]}`),
    ).toEqual([
      "LOGS_MONITOR match.status must be a regular expression that runs in linear time",
      "LOGS_MONITOR match.text must be a regular expression that runs in linear time",
      "LOGS_MONITOR quiet[0].zone must be a time zone by its name",
      "LOGS_MONITOR window must be longer than records wait",
      "LOGS_MONITOR group[1] must name a field once",
    ]);
  });

  it("refuses an id that is no name in alerts, and circles through record topics", () => {
    const stack = testStack();
    const to = AlertReceiver.json({ url: textToken() });
    const of = (id: string, topic: typeof GZ, records?: typeof GZ) =>
      new LogMonitor(stack, id, {
        sources: [{ topic }],
        match: { a: "." },
        alert: { to },
        records,
        appId: "1250000000",
      });
    expect(violationsOf(() => of("5xx", GZ)).map(([, message]) => message.split(",")[0])).toEqual([
      "monitorName must be 1 to 64 letters",
    ]);
    const other = LogTopic.fromTopicAttributes({ topicId: "topic-other", region: "ap-guangzhou" });
    of("There", GZ, other);
    expect(violationsOf(() => of("Back", other, GZ)).map(([code]) => code)).toEqual(["LOGS_CIRCLE"]);
  });

  it("refuses a record topic that is watched", () => {
    expect(violations({ records: SG }).map(([, message]) => message.split(";")[0])).toEqual([
      'records.topic must be none of the sources, and sg is it, got "topic-sg"',
    ]);
  });

  it("refuses an address that is written out, and never shows it", () => {
    const [[code, message]] = violationsOf(() => AlertReceiver.wecom({ url: "https://example.com/secret" }));
    expect(code).toBe("LOGS_SECRET_LITERAL");
    expect(message).not.toContain("example.com");
  });

  it("refuses a receiver's name that is none in a definition", () => {
    const url = textToken();
    expect(violationsOf(() => AlertReceiver.slack({ name: "on call", url })).map(([code]) => code)).toEqual([
      "LOGS_MONITOR_RECEIVER",
    ]);
  });

  it("names receivers by their format, with a number where there are several", () => {
    const [one, other] = [AlertReceiver.slack({ url: textToken() }), AlertReceiver.slack({ url: textToken() })];
    const { stack } = made({ alert: { to: [one, other] } });
    const [{ environment }] = Object.values(resourcesIn(stack, "tencentcloud_scf_function"));
    expect(Object.keys(environment as object).sort()).toEqual([
      "LOGS_SECRET_SLACK2_URL",
      "LOGS_SECRET_SLACK_URL",
      "LOGS_SETTINGS",
    ]);
  });

  it("refuses a cap of one instance, for a minute would pass until the next try", () => {
    expect(violations({ reservedConcurrencyMb: 256 })).toEqual([
      [
        "LOGS_MONITOR_CONCURRENCY",
        "reservedConcurrencyMb must be that of two instances at least, 512, got 256; where one is at work and there is no " +
          "room for another, SCF answers 432 and a record waits a minute and more: leave it out",
      ],
    ]);
  });

  it("refuses a bucket that is versioned", () => {
    const stack = testStack();
    const bucket = new LogBucket(stack, "Versioned", { appId: "1250000000" });
    bucket.resource.versioningEnable = true;
    const monitor = new LogMonitor(stack, "Errors", {
      sources: [{ topic: GZ }],
      match: { status: "^5" },
      alert: { to: AlertReceiver.json({ url: textToken() }) },
      bucket,
    });
    expect(monitor.node.validate().join()).toMatch(/bucket must never have been versioned.*LOGS_MONITOR_VERSIONED/);
  });

  it("refuses two monitors that keep what they told in one place", () => {
    const stack = testStack();
    const bucket = LogBucket.fromBucketName(stack, "State", "state-1250000000");
    const one = (id: string, topic: typeof GZ) =>
      new LogMonitor(stack, id, {
        sources: [{ topic }],
        match: { status: "^5" },
        alert: { to: AlertReceiver.json({ url: textToken() }) },
        bucket,
        statePrefix: "shared/",
      });
    one("A", GZ);
    expect(violationsOf(() => one("B", GZ)).map(([code]) => code)).toEqual(["LOGS_NAME_TAKEN"]);
  });
});
