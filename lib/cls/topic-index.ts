import { clsIndex } from "@cdktf/provider-tencentcloud";
import type { CommonProps } from "../common-props";
import { Checks } from "../errors";
import { Construct, replaceWhenChanges, tfText } from "../framework";

/** How one field is indexed. */
export interface FieldIndex {
  readonly type: "text" | "long" | "double";
  /**
   * Whether SQL may use the field.
   * @default true
   */
  readonly sql?: boolean;
  /**
   * Characters that separate words; `text` only.
   * @default DEFAULT_TOKENIZER
   */
  readonly tokenizer?: string;
}

export interface TopicIndexProps {
  /**
   * Whether the text of whole records can be searched.
   * @default true
   */
  readonly fullText?: boolean;
  /**
   * Fields that can be searched and counted by name. Their order is part of the plan.
   * @default none
   */
  readonly fields?: Record<string, FieldIndex>;
  /** @default false */
  readonly caseSensitive?: boolean;
}

/** The separators that the console fills in. */
export const DEFAULT_TOKENIZER = "@&?|#()='\",;:<>[]{}/ \n\t\r\\";

/** The index of a topic (`tencentcloud_cls_index`); a topic has at most one. */
export class TopicIndex extends Construct {
  readonly resource: clsIndex.ClsIndex;

  constructor(
    scope: Construct,
    id: string,
    props: TopicIndexProps & Pick<CommonProps, "provider"> & { readonly topicId: string },
  ) {
    super(scope, id);
    new Checks(this).identifier("topicId", props.topicId).throwIfAny();
    const { fullText = true, fields = {}, caseSensitive = false } = props;
    this.resource = new clsIndex.ClsIndex(this, "Resource", {
      topicId: props.topicId,
      status: true,
      includeInternalFields: true,
      // Tags of records are indexed too; CLS recommends it and ignores an explicit 0.
      metadataFlag: 1,
      rule: {
        fullText: fullText ? { caseSensitive, tokenizer: DEFAULT_TOKENIZER, containZH: true } : undefined,
        keyValue: Object.keys(fields).length === 0 ? undefined : { caseSensitive, keyValues: keyValues(fields) },
      },
      provider: props.provider,
    });
    // The provider refuses to update the topic of an index. Fact: docs/design/facts/provider.md#refused-changes.
    replaceWhenChanges(this.resource, { topicId: props.topicId });
  }
}

function keyValues(fields: Record<string, FieldIndex>): clsIndex.ClsIndexRuleKeyValueKeyValues[] {
  return Object.entries(fields).map(([key, { type, sql = true, tokenizer = DEFAULT_TOKENIZER }]) => ({
    key: tfText(key),
    value: {
      type,
      sqlFlag: sql,
      // CLS wants both empty for numbers.
      tokenizer: type === "text" ? tfText(tokenizer) : "",
      containZH: type === "text",
    },
  }));
}
