import type { WrittenOutput } from "../../functions/settings";
import type { ILogTopic } from "../cls/topic";
import { Checks } from "../errors";
import type { LogFunction } from "../scf/function";
import { networkTo } from "../scf/network";
import { checkNetworkOutput, type IOutput, type NetworkOutputProps } from "./output";

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
    private readonly props: NetworkOutputProps = {},
  ) {}

  bind(target: LogFunction, name: string): WrittenOutput {
    checkNetworkOutput(new Checks(target), `outputs.${name}`, this.props).throwIfAny();
    this.topic.grantWrite(target);
    const { topicId, region = target.region } = this.topic;
    const network = networkTo(target, { path: `outputs.${name}.network`, given: this.props.network, region });
    return { type: "cls", onFailure: this.props.onFailure, topicId, region, network };
  }
}
