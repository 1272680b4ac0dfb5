import { Refusal } from "../refusal";
import { action, type Action } from "./action";
import { flag, integer, list, object, optional, text, word, type Values } from "./fields";

/** Each character is a separator: ASCII symbols and white space. Fact: docs/design/facts/provider.md#index. */
const TOKENIZER = text({ pattern: /^[!-/:-@[-`{-~ \n\t\r]*$/ });

const VALUE = object({
  Type: word("text", "long", "double"),
  Tokenizer: optional(TOKENIZER),
  SqlFlag: optional(flag()),
  ContainZH: optional(flag()),
  Alias: optional(text()),
  // The provider sends it for any type.
  OpenIndexForChildOnly: optional(flag()),
});

const KEY_VALUES = list(object({ Key: text({ pattern: /^(?!_)[A-Za-z0-9_./@-]+$/ }), Value: VALUE }), 300);

const RULE = object({
  FullText: optional(object({ CaseSensitive: flag(), Tokenizer: TOKENIZER, ContainZH: flag() })),
  KeyValue: optional(object({ CaseSensitive: flag(), KeyValues: optional(KEY_VALUES) })),
  Tag: optional(object({ CaseSensitive: flag(), KeyValues: optional(KEY_VALUES) })),
  DynamicIndex: optional(object({ Status: flag() })),
});

const INDEX = {
  TopicId: text(),
  Rule: optional(RULE),
  Status: optional(flag()),
  IncludeInternalFields: optional(flag()),
  MetadataFlag: optional(integer({ min: 0, max: 2 })),
};

/** Actions on the index of a topic, which has at most one. Indexes are stored, but not used for searches. */
export const INDEX_ACTIONS: Readonly<Record<string, Action>> = {
  CreateIndex: action(INDEX, (given, { region, services: { cls } }) => {
    const topic = cls.topicOf(given.TopicId, region);
    if (topic.index) throw new Refusal("InvalidParameter.IndexConflict", `The topic has an index: ${topic.id}.`);
    checkFields(given);
    topic.index = {
      rule: given.Rule ?? {},
      enabled: given.Status ?? true,
      includeInternalFields: given.IncludeInternalFields ?? false,
      metadataFlag: given.MetadataFlag ?? 0,
    };
    return {};
  }),
  ModifyIndex: action(INDEX, (given, { region, services: { cls } }) => {
    const topic = cls.topicOf(given.TopicId, region);
    if (!topic.index) throw missing(topic.id);
    checkFields(given);
    topic.index = {
      rule: given.Rule ?? topic.index.rule,
      enabled: given.Status ?? topic.index.enabled,
      includeInternalFields: given.IncludeInternalFields ?? topic.index.includeInternalFields,
      metadataFlag: given.MetadataFlag ?? topic.index.metadataFlag,
    };
    return {};
  }),
  DescribeIndex: action({ TopicId: text() }, ({ TopicId }, { region, services: { cls } }) => {
    const { index } = cls.topicOf(TopicId, region);
    if (!index) throw missing(TopicId);
    return {
      TopicId,
      Status: index.enabled,
      Rule: index.rule,
      IncludeInternalFields: index.includeInternalFields,
      MetadataFlag: index.metadataFlag,
    };
  }),
  DeleteIndex: action({ TopicId: text() }, ({ TopicId }, { region, services: { cls } }) => {
    const topic = cls.topicOf(TopicId, region);
    if (!topic.index) throw missing(TopicId);
    topic.index = undefined;
    return {};
  }),
};

/** Numbers have no separators, and only JSON fields, which the local cloud does not index, have children. */
function checkFields({ Rule }: Values<typeof INDEX>): void {
  const fields = [...(Rule?.KeyValue?.KeyValues ?? []), ...(Rule?.Tag?.KeyValues ?? [])];
  const parent = fields.find(({ Value }) => Value.OpenIndexForChildOnly);
  if (parent) {
    const message = `OpenIndexForChildOnly of ${parent.Key} must be false for ${parent.Value.Type}.`;
    throw new Refusal("InvalidParameter", message);
  }
  const wrong = fields.find(({ Value }) => Value.Type !== "text" && (Value.Tokenizer || Value.ContainZH));
  if (!wrong) return;
  const message = `Tokenizer and ContainZH of ${wrong.Key} must be empty for ${wrong.Value.Type}.`;
  throw new Refusal("InvalidParameter", message);
}

function missing(topicId: string): Refusal {
  return new Refusal("ResourceNotFound.IndexNotExist", `The topic has no index: ${topicId}.`);
}
