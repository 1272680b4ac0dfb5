import type { WrittenOutput } from "../../functions/settings";
import { topicProp, type ILogTopic } from "../cls/topic";
import { Checks } from "../errors";
import { readArgument, readProps } from "../props/prop";
import type { LogFunction } from "../scf/function";
import { OUTPUT_PROPS, type IOutput, type OutputProps } from "./output";

/**
 * Records of another topic. Delivery is at least once: each carries `log_id`, the same whenever it is written again. The
 * topic that the pipeline reads, and the one of its function's log, are refused.
 */
export class ClsOutput implements IOutput {
  readonly parts = [];
  readonly needsFields = true;

  constructor(
    /** Where the records go. */
    readonly topic: ILogTopic,
    /** How they go there. */
    readonly props: OutputProps = {},
  ) {}

  bind(target: LogFunction, name: string): WrittenOutput {
    const path = `outputs.${name}`;
    const checks = new Checks(target);
    readArgument(checks, `${path}.topic`, topicProp, this.topic);
    const { onFailure } = readProps(checks, OUTPUT_PROPS, this.props, path);
    checks.throwIfAny();
    this.topic.grantWrite(target);
    return {
      type: "cls",
      onFailure,
      topicId: this.topic.topicId,
      region: this.topic.region ?? target.region,
    };
  }
}
