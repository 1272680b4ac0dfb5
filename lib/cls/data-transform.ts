import { clsDataTransform } from "@cdktf/provider-tencentcloud";
import type { CommonProps } from "../common-props";
import { LogConstruct } from "../construct";
import { Checks } from "../errors";
import { Construct, replaceWhenChanges, tfChoice, tfText } from "../framework";
import { physicalName } from "../naming";
import { flag, freeText, listOf, nested, required, text, textThat } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import { providerProp } from "../provider";
import { topicProp, type ILogTopic } from "./topic";

/** A topic that receives rows, under the name that `log_output` uses for it. */
export interface TransformDestination {
  /** Name of the destination in the statements. */
  readonly alias: string;
  /** Topic that records are written to. */
  readonly topic: ILogTopic;
}

/** Props of a {@link DataTransform}. */
export interface DataTransformProps extends Pick<CommonProps, "provider"> {
  /** Topic whose records are processed. A change replaces the task. */
  readonly topic: ILogTopic;
  /** Statements in CLS's dialect. */
  readonly content: string;
  /** Destinations of `log_output`. The topic itself is refused. */
  readonly destinations: readonly TransformDestination[];
  /**
   * Whether the task runs.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Name of the task: 1 to 128 characters without `|`.
   * @default the construct's path and a short hash of it
   */
  readonly transformName?: string;
}

const DESTINATION: PropTable<TransformDestination> = {
  alias: required(text, "name it as log_output does"),
  topic: required(topicProp, "say which topic it is"),
};

export const TRANSFORM_NAME = textThat(
  /^[^|]{1,128}$/,
  "must have 1 to 128 characters without |",
  "choose another name",
  "LOGS_TRANSFORM_NAME",
);

const PROPS: PropTable<DataTransformProps> = {
  provider: providerProp,
  topic: required(topicProp, "say which topic is processed"),
  content: required(freeText, "write statements in CLS's dialect"),
  destinations: required(listOf(nested(DESTINATION)), "list the topics that log_output names"),
  enabled: flag,
  transformName: TRANSFORM_NAME,
};

/**
 * Processes a topic's records in CLS itself, without a function (`tencentcloud_cls_data_transform`). The destinations
 * are fixed.
 */
export class DataTransform extends LogConstruct {
  /** The underlying resource, `tencentcloud_cls_data_transform`. */
  readonly resource: clsDataTransform.ClsDataTransform;

  constructor(scope: Construct, id: string, given: DataTransformProps) {
    super(scope, id);
    const checks = new Checks(this);
    const props = readProps(checks, PROPS, given);
    const { destinations, enabled = true, topic } = props;
    checks
      .that(
        destinations.every((one) => one.topic.topicId !== topic.topicId),
        "LOGS_TRANSFORM_LOOP",
        () => "destinations must be other topics than the one that is read, got the same; it would feed itself",
      )
      .throwIfAny();

    // All arguments are explicit: the API fills in absent ones, and the plan would never be empty again.
    this.resource = new clsDataTransform.ClsDataTransform(this, "Resource", {
      funcType: 1,
      taskType: 3,
      srcTopicId: topic.topicId,
      name: tfText(props.transformName ?? physicalName(this, { maxLength: 128 })),
      etlContent: tfText(props.content),
      enableFlag: tfChoice(enabled, 1, 2),
      dstResources: destinations.map((one) => ({ alias: tfText(one.alias), topicId: one.topic.topicId })),
      provider: props.provider,
    });
    // The provider refuses to change the topic. Fact: docs/design/facts/provider.md#refused-changes.
    replaceWhenChanges(this.resource, { topicId: topic.topicId });
  }
}
