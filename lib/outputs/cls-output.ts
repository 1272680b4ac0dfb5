import type { WrittenOutput } from "../../functions/settings";
import { topicProp, type ILogTopic } from "../cls/topic";
import { Checks } from "../errors";
import { readArgument, readProps } from "../props/prop";
import type { LogFunction } from "../scf/function";
import { networkTo } from "../scf/network";
import { NETWORK_OUTPUT_PROPS, type IOutput, type NetworkOutputProps } from "./output";

/**
 * Writes records to another topic. Delivery is at least once: each record carries a `log_id`, which stays the same when
 * the record is written again. The topic that the pipeline reads and the topic of its function's log are refused.
 */
export class ClsOutput implements IOutput {
  readonly parts = [];
  readonly needsFields = true;

  constructor(
    /** Topic that the records are written to. */
    readonly topic: ILogTopic,
    /** Network and failure policy. */
    readonly props: NetworkOutputProps = {},
  ) {}

  bind(target: LogFunction, name: string): WrittenOutput {
    const path = `outputs.${name}`;
    const checks = new Checks(target);
    readArgument(checks, `${path}.topic`, topicProp, this.topic);
    const { network: given, onFailure } = readProps(checks, NETWORK_OUTPUT_PROPS, this.props, path);
    checks.throwIfAny();
    this.topic.grantWrite(target);
    const { topicId, region = target.region } = this.topic;
    const network = networkTo(target, { path: `${path}.network`, given, region });
    return { type: "cls", onFailure, topicId, region, network };
  }
}
