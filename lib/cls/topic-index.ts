import { clsIndex } from "@cdktf/provider-tencentcloud";
import type { CommonProps } from "../common-props";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { Construct, replaceWhenChanges, tfText } from "../framework";
import { flag, freeText, identifier, knownAtSynth, mapOf, nested, oneOf, required } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { providerProp } from "../provider";

/** How a field is indexed. */
export interface FieldIndex {
  /** Type of the field: `text` is searched by words, `long` and `double` by ranges. */
  readonly type: "text" | "long" | "double";
  /**
   * Whether the field can be used in SQL.
   * @default true
   */
  readonly sql?: boolean;
  /**
   * Characters that separate words; only for `text`.
   * @default DEFAULT_TOKENIZER
   */
  readonly tokenizer?: string;
}

/** How the records of a topic are indexed for search. */
export interface TopicIndexProps {
  /**
   * Whether the full text of records can be searched.
   * @default true
   */
  readonly fullText?: boolean;
  /**
   * Fields that can be searched and counted by name. A change of their order changes the plan.
   * @default none
   */
  readonly fields?: Record<string, FieldIndex>;
  /**
   * Whether searches are case-sensitive.
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

/** Props of an index that is created separately. */
type Props = TopicIndexProps & Pick<CommonProps, "provider"> & { readonly topicId: string };

const PROPS: PropTable<Props> = { ...INDEX_PROPS, provider: providerProp, topicId: required(identifier) };

/** Characters that separate words by default, as in the console. */
export const DEFAULT_TOKENIZER = "@&?|#()='\",;:<>[]{}/ \n\t\r\\";

/** The index of a topic (`tencentcloud_cls_index`). A topic has at most one. */
export class TopicIndex extends LogConstruct {
  /** The underlying resource, `tencentcloud_cls_index`. */
  readonly resource: clsIndex.ClsIndex;
  /** Id of the indexed topic. */
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
      // Tags of records are indexed too. CLS recommends it and ignores an explicit 0.
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
      // CLS requires both to be empty for numbers.
      tokenizer: type === "text" ? tfText(tokenizer) : "",
      containZH: type === "text",
    },
  }));
}
