import { createHash } from "node:crypto";
import { topicProp, type ILogTopic } from "../cls/topic";
import { LogConstruct } from "../construct";
import { Checks, refuse } from "../errors";
import {
  Construct,
  KeptValues,
  TerraformAsset,
  TerraformStack,
  isToken,
  resolved,
  tfChoice,
  type Command,
} from "../framework";
import { Traffic } from "../loops/traffic";
import { pathHash } from "../naming";
import { addFileAsset } from "../packaging/assets";
import { builtFile } from "../packaging/built-files";
import { flag, identifier, integer } from "../props/kinds";
import { readArgument, readProps, type PropTable } from "../props/prop";
import { requireSameRegion } from "../region";
import { invokedFunction, refuseHandler, type IEventSource, type ILogFunction } from "./event-source";

/** When CLS closes a batch and delivers it to the function: when the first of the two limits is reached. */
export interface DeliveryProps {
  /**
   * Maximum seconds that CLS waits, 3 to 300. An event holds at most 128 KB as gzip and base64, about 0.5 to 1.5 MB of
   * log text. CLS cuts a larger batch into pieces of that size and delivers them one after the other, so a busy topic
   * gains nothing from a longer wait.
   * @default 60
   */
  readonly maxWaitSeconds?: number;
  /**
   * Maximum records per batch, 1 to 10000.
   * @default 100
   */
  readonly maxMessages?: number;
}

/** Props of a {@link ClsEventSource}. */
export interface ClsEventSourceProps extends DeliveryProps {
  /**
   * Whether records are delivered. Before you remove the source from the code, disable it and apply: a command of the
   * resource removes the delivery, and Terraform runs no commands of resources that are no longer in the code.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Version of the function to invoke.
   * @default "$LATEST"
   */
  readonly qualifier?: string;
}

export const DEFAULT_WAIT_SECONDS = 60;

export const DELIVERY_PROPS: PropTable<DeliveryProps> = {
  maxWaitSeconds: integer({ min: 3, max: 300, unit: "seconds" }, "LOGS_DELIVERY_WAIT"),
  maxMessages: integer({ min: 1, max: 10_000, unit: "records" }, "LOGS_DELIVERY_MESSAGES"),
};

const PROPS: PropTable<ClsEventSourceProps> = { ...DELIVERY_PROPS, enabled: flag, qualifier: identifier };

/**
 * Delivers a topic's records to a function in the topic's region. The provider has no resource for this, so a small
 * script calls CLS and SCF when Terraform creates, changes or destroys the `terraform_data` that represents the
 * delivery.
 *
 * The script needs `node` on the `PATH`, and `TENCENTCLOUD_SECRET_ID` and `TENCENTCLOUD_SECRET_KEY` in Terraform's
 * environment; for a temporary key also `TENCENTCLOUD_SECURITY_TOKEN`.
 */
export class ClsEventSource implements IEventSource {
  constructor(
    private readonly topic: ILogTopic,
    private readonly props: ClsEventSourceProps = {},
  ) {}

  bind(target: ILogFunction): ClsDelivery {
    readArgument(new Checks(target), "topic", topicProp, this.topic);
    const id = `ClsDelivery${topicHash(target, this.topic)}`;
    if (target.node.tryFindChild(id) !== undefined) {
      refuse(
        target,
        "LOGS_CLS_DELIVERY_DUPLICATE",
        `topic must be delivered to a function once, got a second ClsEventSource for it; change the first instead`,
      );
    }
    return new ClsDelivery(target, id, this.topic, this.props);
  }
}

/** The delivery that a {@link ClsEventSource} creates (`terraform_data`). */
export class ClsDelivery extends LogConstruct {
  /** The `terraform_data` whose commands create and delete the delivery. */
  readonly resource: KeptValues;

  constructor(target: ILogFunction, id: string, topic: ILogTopic, given: ClsEventSourceProps) {
    super(target, id);
    refuseHandler(target, "a ClsEventSource", ["cls-stream", "monitor"]);
    const checks = new Checks(this);
    readArgument(checks, "topic", topicProp, topic);
    const props = readProps(checks, PROPS, given);
    checks.throwIfAny();
    requireSameRegion(this, "function", target.region, "topic", topic.region);
    const { topicId } = topic;
    const { enabled = true } = props;
    // No count unless it can be 0, because a count changes the resource's address.
    const count = isToken(enabled) ? tfChoice(enabled, 1, 0) : enabled ? undefined : 0;
    const traffic = Traffic.of(this);
    traffic.addRead({ scope: this.node.path, target: invokedFunction(target), from: { topicId } });
    if (enabled !== false) traffic.deliveredObjects.addDelivery(target.node.path, topicId);

    const input = {
      topicId,
      functionName: target.functionName,
      namespace: target.namespace,
      qualifier: props.qualifier ?? "$LATEST",
      region: target.region,
      wait: props.maxWaitSeconds ?? DEFAULT_WAIT_SECONDS,
      max: props.maxMessages ?? 100,
      // SCF loses the triggers of a function that is replaced.
      functionId: target.identity,
    };
    this.resource = new KeptValues(this, "Resource", input, {
      // CLS cannot change a delivery: every change deletes it and creates it again.
      triggersReplace: input,
      commands: [command(this, "create"), command(this, "destroy")],
      count,
      dependsOn: target.role.grants,
    });
    if (enabled !== false) target.alarm?.watchDelivery(this, topic, count);
  }
}

/**
 * A destroy command can refer only to the resource itself. The script's path is literal text, because the old copy may
 * be gone.
 */
function command(scope: Construct, when: Command["when"]): Command {
  return {
    when,
    command: `node ${scriptPath(scope)} ${when}`,
    environment: { CLS_DELIVERY: "${jsonencode(self.input)}" },
  };
}

/** One copy of the script per stack. */
function scriptPath(scope: Construct): string {
  const stack = TerraformStack.of(scope);
  const existing = stack.node.tryFindChild(SCRIPT_ID);
  if (existing instanceof TerraformAsset) return existing.path;
  return addFileAsset(stack, SCRIPT_ID, "cls-delivery.js", builtFile("deploy/cls-delivery.js"));
}

const SCRIPT_ID = "TencentLogsClsDelivery";

/**
 * Identifies a topic among those of one function: by its construct, or by the id of an imported one. The text of a
 * token depends on how many there are, but the expression that it resolves to, such as `${var.topic}`, is stable.
 */
function topicHash(target: ILogFunction, topic: ILogTopic): string {
  if (Construct.isConstruct(topic)) return pathHash(topic);
  const id = String(resolved(target, topic.topicId));
  return createHash("sha256").update(id).digest("hex").slice(0, 6);
}
