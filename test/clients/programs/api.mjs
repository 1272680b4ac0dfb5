// What users of tencentcloud-sdk-nodejs do first, with the variables of `tencent-logs local --serve` alone.
import { equal, deepEqual, ok, rejects } from "node:assert/strict";
import tencentcloud from "tencentcloud-sdk-nodejs";

const { cls, scf, cam, sts } = tencentcloud;

const { TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_REGION, APP_ID } = process.env;
const settings = {
  credential: { secretId: TENCENTCLOUD_SECRET_ID, secretKey: TENCENTCLOUD_SECRET_KEY },
  region: TENCENTCLOUD_REGION,
  profile: { httpProfile: { protocol: "http://" } },
};

async function main() {
  const logs = new cls.v20201016.Client(settings);
  const { LogsetId } = await logs.CreateLogset({ LogsetName: "node" });
  const { TopicId } = await logs.CreateTopic({ LogsetId, TopicName: "node", PartitionCount: 1, Period: 3 });
  const tokenizer = { CaseSensitive: false, Tokenizer: " ", ContainZH: false };
  await logs.CreateIndex({ TopicId, Status: true, Rule: { FullText: tokenizer } });
  const { Topics } = await logs.DescribeTopics({ Filters: [{ Key: "topicName", Values: ["node"] }] });
  deepEqual(
    Topics.map((topic) => [topic.TopicId, topic.Period]),
    [[TopicId, 3]],
  );
  const hour = { From: Date.now() - 3_600_000, To: Date.now() };
  const { Results } = await logs.SearchLog({ TopicId, ...hour, QueryString: "*", UseNewAnalysis: true });
  deepEqual(Results, []);
  ok((await logs.DescribeLogsets({})).Logsets.some((logset) => logset.LogsetId === LogsetId));
  ok((await logs.DescribeShippers({})).Shippers.length > 0);
  await logs.DeleteTopic({ TopicId });
  await rejects(logs.DeleteTopic({ TopicId }), ({ code }) => code.startsWith("ResourceNotFound"));
  await logs.DeleteLogset({ LogsetId });

  const functions = new scf.v20180416.Client(settings);
  const { Functions } = await functions.ListFunctions({});
  equal(Functions.length, 1);
  const [{ FunctionName }] = Functions;
  equal((await functions.GetFunction({ FunctionName })).Runtime, "Nodejs18.15");
  const { Result } = await functions.Invoke({ FunctionName, ClientContext: JSON.stringify({ Records: [] }) });
  ok(Result.FunctionRequestId);

  const access = new cam.v20190116.Client(settings);
  ok((await access.DescribeRoleList({ Page: 1, Rp: 20 })).List.some(({ RoleName }) => RoleName === "CLS_QcsRole"));
  ok((await access.ListPolicies({ Scope: "Local" })).List.length > 0);
  equal((await access.GetUserAppId({})).AppId, Number(APP_ID));
  const identity = await new sts.v20180813.Client(settings).GetCallerIdentity({});
  ok(identity.AccountId);
}

void main();
