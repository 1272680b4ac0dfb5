import { ClsOutput, CosOutput, LogRules, LogTopic, type LogBucket } from "../../../lib";
import { TerraformStack } from "../../../lib/framework";
import type { LocalCloud } from "../../../local/cloud";
import type { ClsRecord } from "../../../local/cls/record";
import { deployBatch, deployStream, linesUnder, removeDeployed } from "../support/deployed";

jest.setTimeout(60_000);

let cloud: LocalCloud;
afterEach(removeDeployed);

const RULES = `
e_drop_fields("tmp.*")
e_if(e_search("status >= 500"), e_set("level", "error"))
e_coutput("archive")
e_keep(e_has("level"))
e_set("n", op_add(ct_int(v("n")), 1))
`;

const outputs = (bucket: LogBucket) => ({
  main: new CosOutput(bucket, { prefix: "main/" }),
  archive: new CosOutput(bucket, { prefix: "archive/" }),
  invalid: new CosOutput(bucket, { prefix: "invalid/" }),
});

const row = (fields: Record<string, string>, time = 1_700_000_000_000): ClsRecord => ({ time, contents: fields });

async function put(...records: ClsRecord[]): Promise<void> {
  await cloud.topic("access").put(records);
  await cloud.clock.advance(600_000);
  await cloud.settled();
}

async function fieldsUnder(prefix: string): Promise<Record<string, string>[]> {
  return (await linesUnder(cloud, prefix)).map((line) => JSON.parse(line) as Record<string, string>);
}

describe.each([
  ["a stream", deployStream],
  ["files", deployBatch],
])("rules over %s", (_, deploy) => {
  it("change, drop, copy and route, and what they fail on goes to invalid with its line", async () => {
    cloud = await deploy((bucket) => ({
      rules: LogRules.fromText(RULES),
      defaultOutput: "main",
      outputs: outputs(bucket),
    }));
    await put(
      row({ status: "200", n: "1", tmp1: "x" }),
      row({ status: "502", n: "2" }),
      row({ status: "500", n: "two" }),
    );

    const statuses = async (prefix: string) => (await fieldsUnder(prefix)).map(({ status }) => status);
    expect(await fieldsUnder("main/")).toMatchObject([{ status: "502", n: "3", level: "error" }]);
    expect(await statuses("archive/")).toEqual(["200", "502"]);
    expect((await fieldsUnder("archive/"))[0]).not.toHaveProperty("tmp1");
    expect(await fieldsUnder("invalid/")).toMatchObject([{ reason: expect.stringContaining("line 6: ct_int") }]);
    expect(cloud.invocations.at(-1)?.result).toMatchObject({ records: 3, dropped: 0, failed: 1 });
    expect(JSON.stringify(cloud.invocations)).not.toContain("two");
  });

  it("keep what they fail on, where that is asked for", async () => {
    const rules = LogRules.fromText('e_set("a", "1")\ne_set("n", ct_int(v("n")))', { onError: "keep" });
    cloud = await deploy((bucket) => ({ rules, outputs: { main: new CosOutput(bucket, { prefix: "main/" }) } }));
    await put(row({ n: "x" }));
    const [kept] = await fieldsUnder("main/");
    expect(kept).toMatchObject({ n: "x", __TAG__: { __rules_error__: expect.stringContaining("line 2:") } });
    expect(kept).not.toHaveProperty("a");
    expect(cloud.invocations.at(-1)?.result).toMatchObject({ failed: 1, dropped: 0 });
  });
});

describe("rules that write to a topic", () => {
  it("keep the record's time, and give it source and tags", async () => {
    const text = 'e_set("__time__", "1600000000")\ne_output("clean", source="10.9.8.7", tags={"env": "prod"})';
    cloud = await deployStream((bucket) => ({
      rules: LogRules.fromText(text),
      outputs: { clean: new ClsOutput(new LogTopic(TerraformStack.of(bucket), "Clean", { topicName: "clean" })) },
    }));
    const received: ClsRecord[] = [];
    cloud.topic("clean").onRecords(async (records) => void received.push(...records));
    await put(row({ a: "1" }));
    expect(received).toMatchObject([
      { time: 1_600_000_000_000, source: "10.9.8.7", tags: { env: "prod" }, contents: { a: "1" } },
    ]);
  });
});
