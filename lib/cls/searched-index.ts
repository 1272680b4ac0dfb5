import { Checks, checkAtSynth } from "../errors";
import { Construct } from "../framework";
import type { ILogTopic } from "./topic";
import { type FieldIndex, TopicIndex } from "./topic-index";

/** What an alarm or a dashboard searches in a topic. */
export interface SearchedIndex {
  /** The alarm or dashboard, as errors name it. */
  readonly searcher: string;
  /** The prop that sets the topic. */
  readonly prop: string;
  /** The fields that must be indexed. */
  readonly fields: Readonly<Record<string, FieldIndex>>;
  /** An index with all of these fields, as users write it. */
  readonly remedy: string;
}

/**
 * Refuses a topic whose index lacks a searched field: the search would never find anything. The index of a topic of
 * another app is not known and passes.
 */
export function requireIndex(scope: Construct, topic: ILogTopic, searched: SearchedIndex): void {
  if (topic.index !== undefined) {
    const checks = new Checks(scope);
    checkFields(checks, topic.index, searched);
    checks.throwIfAny();
  } else if (Construct.isConstruct(topic)) {
    checkAtSynth(scope, (checks) => checkFields(checks, indexIn(scope, topic), searched));
  }
}

function checkFields(
  checks: Checks,
  index: TopicIndex | undefined,
  { fields, prop, remedy, searcher }: SearchedIndex,
): void {
  const missing = Object.keys(fields).filter((name) => kindOf(index?.fields[name]) !== kindOf(fields[name]));
  checks.that(
    missing.length === 0,
    "LOGS_ALARM_INDEX",
    () =>
      `${prop} must have an index of the fields that ${searcher} searches, got ` +
      `${index === undefined ? "no index" : `one without ${missing.join(" and ")}`}; set its index to ${remedy}`,
  );
}

/** How a field can be searched: by words or by size. */
function kindOf(field: FieldIndex | undefined): "words" | "size" | undefined {
  return field && (field.type === "text" ? "words" : "size");
}

/** The index that the app creates separately for a topic. */
function indexIn(scope: Construct, { topicId }: ILogTopic): TopicIndex | undefined {
  const made = scope.node.root.node.findAll().filter((found) => found instanceof TopicIndex);
  return made.find((index) => index.topicId === topicId);
}
