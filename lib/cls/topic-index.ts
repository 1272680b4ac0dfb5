import { clsIndex } from "@cdktf/provider-tencentcloud";
import type { CommonProps } from "../common-props";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { Construct, replaceWhenChanges, tfText } from "../framework";
import { flag, freeText, identifier, knownAtSynth, mapOf, nested, oneOf, required } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { providerProp } from "../provider";

/** How one field is indexed. */
export interface FieldIndex {
  /** `text` is searched by words, `long` and `double` by ranges. */
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

/** How the records of a topic are indexed for search. */
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
  /**
   * Whether a search tells capitals from small letters.
   * @default false
   */
  readonly caseSensitive?: boolean;
}

const FIELD: PropTable<FieldIndex> = {
  type: required(
    knownAtSynth(oneOf(["text", "long", "double"], "numbers are long or double", "LOGS_INDEX_TYPE")),
    "say text, long or double",
  ),
  sql: flag,
  tokenizer: freeText,
};

export const INDEX_PROPS: PropTable<TopicIndexProps> = {
  fullText: knownAtSynth(flag),
  fields: mapOf(nested(FIELD), "name each field"),
  caseSensitive: flag,
};

/** Props of an index that is made by itself. */
type Props = TopicIndexProps & Pick<CommonProps, "provider"> & { readonly topicId: string };

const PROPS: PropTable<Props> = { ...INDEX_PROPS, provider: providerProp, topicId: required(identifier) };

/** The separators that the console fills in. */
export const DEFAULT_TOKENIZER = "@&?|#()='\",;:<>[]{}/ \n\t\r\\";

/** The index of a topic (`tencentcloud_cls_index`); a topic has at most one. */
export class TopicIndex extends LogConstruct {
  /** The plain resource, `tencentcloud_cls_index`. */
  readonly resource: clsIndex.ClsIndex;
  /** The topic that it is of. */
  readonly topicId: string;
  /** The fields that can be searched by name. */
  readonly fields: Readonly<Record<string, FieldIndex>>;

  constructor(
    scope: Construct,
    id: string,
    given: TopicIndexProps & Pick<CommonProps, "provider"> & { readonly topicId: string },
  ) {
    super(scope, id);
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    checks.throwIfAny();
    const { fullText = true, fields = {}, caseSensitive = false } = props;
    this.topicId = props.topicId;
    this.fields = fields;
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
