import { Checks, checkAtSynth } from "../errors";
import { Construct } from "../framework";
import type { ILogTopic } from "./topic";
import { type FieldIndex, TopicIndex } from "./topic-index";

/** What an alarm or a dashboard searches a topic for. */
export interface SearchedIndex {
  /** As errors call what searches. */
  readonly searcher: string;
  /** The prop that names the topic. */
  readonly prop: string;
  /** The fields that must be indexed. */
  readonly fields: Readonly<Record<string, FieldIndex>>;
  /** The index that has them all, as users write it. */
  readonly remedy: string;
}

/** Who looks for what no index holds would never find anything. The index of a topic of another app is not known. */
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

/** How a field can be searched: by its words, or by its size. */
function kindOf(field: FieldIndex | undefined): "words" | "size" | undefined {
  return field && (field.type === "text" ? "words" : "size");
}

/** The index that the app makes for a topic by itself. */
function indexIn(scope: Construct, { topicId }: ILogTopic): TopicIndex | undefined {
  const made = scope.node.root.node.findAll().filter((found) => found instanceof TopicIndex);
  return made.find((index) => index.topicId === topicId);
}
