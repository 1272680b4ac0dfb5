import { DEFAULT_TOKENIZER, TopicIndex, type TopicIndexProps } from "../../../lib/cls/topic-index";
import { onlyResource, planOf, readBack, testStack } from "../support/stack";

function indexOf(props: TopicIndexProps): Record<string, unknown> {
  const stack = testStack();
  new TopicIndex(stack, "Index", { topicId: "topic-1", ...props });
  return onlyResource(stack, "tencentcloud_cls_index");
}

describe("TopicIndex", () => {
  it("indexes the full text with the console's separators", () => {
    const { rule, ...rest } = indexOf({});
    expect(rule).toEqual({ full_text: { case_sensitive: false, contain_z_h: true, tokenizer: expect.any(String) } });
    expect(readBack((rule as { full_text: { tokenizer: string } }).full_text.tokenizer)).toBe(DEFAULT_TOKENIZER);
    expect(rest).toMatchObject({ topic_id: "topic-1", status: true, include_internal_fields: true, metadata_flag: 1 });
  });

  it("indexes fields in the order in which they are given, numbers without separators", () => {
    const { rule } = indexOf({
      fullText: false,
      fields: { status: { type: "long" }, body: { type: "text", sql: false } },
    });
    expect(rule).toEqual({
      key_value: {
        case_sensitive: false,
        key_values: [
          { key: "status", value: { type: "long", sql_flag: true, tokenizer: "", contain_z_h: false } },
          { key: "body", value: { type: "text", sql_flag: false, tokenizer: DEFAULT_TOKENIZER, contain_z_h: true } },
        ],
      },
    });
  });

  it("keeps separators that mean something to Terraform", () => {
    const { rule } = indexOf({ fields: { body: { type: "text", tokenizer: "${%{ }" } } });
    const { key_values } = (rule as { key_value: { key_values: { value: { tokenizer: string } }[] } }).key_value;
    expect(readBack(key_values[0].value.tokenizer)).toBe("${%{ }");
  });

  it("minds case where it is told to", () => {
    expect(indexOf({ caseSensitive: true }).rule).toMatchObject({ full_text: { case_sensitive: true } });
  });

  it("is replaced with its topic, which the provider would refuse to update", () => {
    const stack = testStack();
    new TopicIndex(stack, "Index", { topicId: "topic-1" });
    const [[id, identity]] = Object.entries(planOf(stack).resource.terraform_data);
    expect(identity.input).toEqual({ topicId: "topic-1" });
    expect(onlyResource(stack, "tencentcloud_cls_index").lifecycle).toEqual({
      replace_triggered_by: [`terraform_data.${id}.output`],
    });
  });
});
