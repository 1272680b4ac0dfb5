import { DataTransform, LogTopic, type DataTransformProps } from "../../../lib";
import { TerraformStack, Testing } from "../../../lib/framework";
import { describeProp } from "../support/refused";
import { codesOf, onlyResource, planOf, readBack, testStack, textToken } from "../support/stack";

const topic = (topicId: string) => LogTopic.fromTopicAttributes({ topicId });
const SOURCE = topic("source");

function transformWith(props: Partial<DataTransformProps> = {}, stack = testStack()): DataTransform {
  return new DataTransform(stack, "Route", {
    topic: SOURCE,
    content: 'log_output("errors")',
    destinations: [{ alias: "errors", topic: topic("target") }],
    ...props,
  });
}

describe("DataTransform", () => {
  it("gives all arguments that the API would fill in, so that the next plan is empty", () => {
    const stack = TerraformStack.of(transformWith());
    expect(onlyResource(stack, "tencentcloud_cls_data_transform")).toMatchObject({
      func_type: 1,
      task_type: 3,
      enable_flag: 1,
      src_topic_id: "source",
      name: expect.stringMatching(/^logs-route-[0-9a-f]{6}$/i),
      etl_content: 'log_output("errors")',
      dst_resources: [{ alias: "errors", topic_id: "target" }],
    });
  });

  it("passes the framework's validations", () => {
    expect(() => Testing.synth(TerraformStack.of(transformWith()), true)).not.toThrow();
  });

  it("is replaced where its topic changes, which the provider refuses to change", () => {
    const plan = planOf(TerraformStack.of(transformWith())).resource;
    const [[id, identity]] = Object.entries(plan.terraform_data);
    expect(identity.input).toEqual({ topicId: "source" });
    const [task] = Object.values(plan.tencentcloud_cls_data_transform);
    expect(task.lifecycle).toEqual({ replace_triggered_by: [`terraform_data.${id}.output`] });
  });

  it("brings statements through Terraform's templates as they are", () => {
    const content = 'fields_set("a", "${b} %{IP:c} \\"d\\"")';
    const stack = TerraformStack.of(transformWith({ content }));
    expect(readBack(onlyResource(stack, "tencentcloud_cls_data_transform").etl_content)).toBe(content);
  });

  it("stops where it is not enabled", () => {
    const stack = TerraformStack.of(transformWith({ enabled: false }));
    expect(onlyResource(stack, "tencentcloud_cls_data_transform").enable_flag).toBe(2);
  });

  it("refuses to feed itself", () => {
    const destinations = [
      { alias: "errors", topic: topic("target") },
      { alias: "self", topic: SOURCE },
    ];
    expect(codesOf(() => transformWith({ destinations }))).toEqual(["LOGS_TRANSFORM_LOOP"]);
  });

  describeProp({
    prop: "transformName",
    code: "LOGS_TRANSFORM_NAME",
    rule: "must have 1 to 128 characters without |",
    build: (transformName: string) => transformWith({ transformName }),
    passes: ["a", "b".repeat(128), textToken()],
    refused: ["", "a|b", "c".repeat(129)],
  });
});
