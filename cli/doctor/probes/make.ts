import { listKeys } from "../../../functions/tencent/cos-list";
import { ServiceError } from "../../../functions/tencent/service-error";
import { zip } from "../../../lib/packaging/zip";
import { listIn } from "../cloud";
import type { ProbedAccount } from "./account";

/** A created topic, in a separate logset. */
export interface MadeTopic {
  readonly topicId: string;
  readonly logsetId: string;
}

/** Creates a topic with a retention of one day. */
export async function makeTopic(account: ProbedAccount, { index = false } = {}): Promise<MadeTopic> {
  const name = account.name();
  const where = `${name} in ${account.region}`;
  account.cleanUp.willMake(`logset ${where}`, async () => {
    const asked = { Filters: [{ Key: "logsetName", Values: [name] }] };
    const logsets = listIn(await account.clean("cls:DescribeLogsets", asked), "Logsets");
    const [found] = logsets.filter(({ LogsetName }) => LogsetName === name);
    if (found) await account.clean("cls:DeleteLogset", { LogsetId: found.LogsetId });
  });
  const { LogsetId } = await account.make("cls:CreateLogset", { LogsetName: name });

  account.cleanUp.willMake(`topic ${where}`, async () => {
    const asked = { Filters: [{ Key: "topicName", Values: [name] }] };
    const topics = listIn(await account.clean("cls:DescribeTopics", asked), "Topics");
    const [found] = topics.filter(({ TopicName }) => TopicName === name);
    if (found) await account.clean("cls:DeleteTopic", { TopicId: found.TopicId });
  });
  const topic = { LogsetId, TopicName: name, Period: 1, PartitionCount: 1, AutoSplit: false };
  const { TopicId } = await account.make("cls:CreateTopic", topic);
  if (index) {
    // It is deleted with its topic.
    const FullText = { CaseSensitive: false, Tokenizer: ' "', ContainZH: false };
    await account.make("cls:CreateIndex", { TopicId, Rule: { FullText }, Status: true });
  }
  return { topicId: String(TopicId), logsetId: String(LogsetId) };
}

/** Creates a bucket; resolves to its name. */
export async function makeBucket(account: ProbedAccount): Promise<string> {
  const { region, cos } = account;
  const bucket = `${account.name()}-${account.appId}`;
  account.cleanUp.willMake(`bucket ${bucket} in ${region}, with its objects`, async () => {
    for await (const key of listKeys(cos, { bucket, region, prefix: "" })) await cos.delete({ bucket, region, key });
    await cos.delete({ bucket, region, key: "" });
  });
  // An empty key addresses the bucket.
  await cos.put({ bucket, region, key: "" }, Buffer.alloc(0), "application/xml", account.signal);
  return bucket;
}

/** Milliseconds for SCF to create a function. */
const FUNCTION_MS = 120_000;

/** Creates a function that logs to a topic, and waits until it can be invoked; resolves to its name. */
export async function makeFunction(
  account: ProbedAccount,
  topic: MadeTopic,
  source: string,
  runtime = "Nodejs18.15",
): Promise<string> {
  const name = account.name();
  const target = { FunctionName: name, Namespace: "default" };
  account.cleanUp.willMake(`function ${name} in ${account.region}`, () => account.clean("scf:DeleteFunction", target));
  await account.make("scf:CreateFunction", {
    ...target,
    Type: "Event",
    Handler: "index.main_handler",
    Runtime: runtime,
    MemorySize: 128,
    Timeout: 15,
    ClsLogsetId: topic.logsetId,
    ClsTopicId: topic.topicId,
    Code: { ZipFile: Buffer.from(zip({ "index.js": source })).toString("base64") },
  });
  const status = await account.until(
    async () => {
      const { Status, StatusDesc } = await account.ask("scf:GetFunction", target);
      if (/Failed/.test(String(Status)))
        throw new ServiceError(String(Status), `function ${name}: ${String(StatusDesc)}`);
      return Status === "Active" ? Status : undefined;
    },
    { every: 1_000, most: FUNCTION_MS },
  );
  if (status === undefined)
    throw new ServiceError("Timeout", `function ${name} must be Active within 2 minutes, is not`);
  return name;
}
