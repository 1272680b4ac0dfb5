import type { WrittenOutput } from "../../functions/settings";
import type { ILogTopic } from "../cls/topic";
import { Checks } from "../errors";
import type { LogFunction } from "../scf/function";
import { checkOutput, type IOutput, type OutputProps } from "./output";

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
    private readonly props: OutputProps = {},
  ) {}

  bind(target: LogFunction, name: string): WrittenOutput {
    checkOutput(new Checks(target), `outputs.${name}`, this.props).throwIfAny();
    this.topic.grantWrite(target);
    return {
      type: "cls",
      onFailure: this.props.onFailure,
      topicId: this.topic.topicId,
      region: this.topic.region ?? target.region,
    };
  }
}
