import { LogAccountRoles } from "../../lib/cam/account-roles";
import { LogTopic } from "../../lib/cls/topic";
import { CosBatchPipeline } from "../../lib/pipelines/cos-batch-pipeline";
import { planOf, readBack, testStack } from "./support/stack";

it("tags reach the cloud as they were given, on every resource that has some", () => {
  const stack = testStack();
  const tags = { "a%{b": "${team} and $${more}", plain: "web" };
  const topic = new LogTopic(stack, "Topic", { tags });
  new CosBatchPipeline(stack, "Batch", { topic, tags });
  new LogAccountRoles(stack, "Roles", { tags });

  const tagged = Object.values(planOf(stack).resource)
    .flatMap((resources) => Object.values(resources))
    .filter((resource) => "tags" in resource)
    .map((resource) => Object.entries(resource.tags as Record<string, string>).map((pair) => pair.map(readBack)));
  expect(tagged).toHaveLength(8);
  for (const found of tagged) expect(Object.fromEntries(found as [string, string][])).toEqual(tags);
});
