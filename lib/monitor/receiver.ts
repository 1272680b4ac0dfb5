import { RECEIVER_FORMATS, type ReceiverFormat } from "../../monitor";
import { Checks } from "../errors";
import { instance, integer, knownAtSynth, required, secret, textThat } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";

/** A service that is told of alerts. */
export interface AlertReceiverProps {
  /**
   * Name of the receiver in the definition, in the record topic and in what commands tell: 1 to 64 letters, digits, `-` and
   * `_` that begin with a letter; unlike that of any other receiver of the monitor.
   * @default the format, with a number where there are several of one
   */
  readonly name?: string;
  /**
   * Address of the POST requests: a secret, since a bot's address lets anybody write to it. Only a value that the plan
   * knows and the code does not is taken, like the `stringValue` of a sensitive `TerraformVariable` of your stack.
   */
  readonly url: string;
  /**
   * Key that requests are signed with; a secret like `url`.
   * @default requests are not signed
   */
  readonly signatureKey?: string;
  /**
   * Messages a minute at most, 1 to 6000.
   * @default the limit of the format's service; none for json
   */
  readonly maxPerMinute?: number;
}

const PROPS: PropTable<AlertReceiverProps> = {
  name: knownAtSynth(
    textThat(
      /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
      "must have 1 to 64 letters, digits, - and _ that begin with a letter",
      "choose another name",
      "LOGS_MONITOR_RECEIVER",
    ),
  ),
  url: required(secret, "declare a sensitive TerraformVariable in your stack and pass its stringValue"),
  signatureKey: secret,
  // Part of the definition.
  maxPerMinute: knownAtSynth(integer({ min: 1, max: 6000, unit: "messages" }, "LOGS_WEBHOOK_RATE")),
};

/** Who is told of alerts. One object may serve several monitors. */
export class AlertReceiver {
  /** A bot of WeCom. */
  static wecom(props: AlertReceiverProps): AlertReceiver {
    return new AlertReceiver("wecom", props);
  }

  /** A bot of DingTalk. */
  static dingtalk(props: AlertReceiverProps): AlertReceiver {
    return new AlertReceiver("dingtalk", props);
  }

  /** A bot of Feishu. */
  static feishu(props: AlertReceiverProps): AlertReceiver {
    return new AlertReceiver("feishu", props);
  }

  /** An incoming webhook of Slack. */
  static slack(props: AlertReceiverProps): AlertReceiver {
    return new AlertReceiver("slack", props);
  }

  /** A service of your own, which gets the alert as JSON. */
  static json(props: AlertReceiverProps): AlertReceiver {
    return new AlertReceiver("json", props);
  }

  /** The props that it was made with. */
  readonly props: AlertReceiverProps;

  private constructor(
    /** What is sent: a bot's message, or JSON for a service of your own. */
    readonly format: ReceiverFormat,
    given: AlertReceiverProps,
  ) {
    const checks = new Checks(`AlertReceiver.${format}`);
    this.props = readProps(checks, PROPS, given);
    checks.throwIfAny();
  }
}

/** A prop that is a receiver. */
export const receiverProp = instance<AlertReceiver>(
  "an AlertReceiver",
  `use AlertReceiver.${RECEIVER_FORMATS.join(", ")}`,
  { others: ["format", "props"] },
);

/** Names of receivers, each its own or one made of its format. */
export function namesOf(receivers: Iterable<AlertReceiver>): Map<AlertReceiver, string> {
  const names = new Map<AlertReceiver, string>();
  const taken = new Set([...receivers].map(({ props }) => props.name));
  for (const receiver of receivers) {
    if (!names.has(receiver)) names.set(receiver, receiver.props.name ?? freeName(receiver.format, taken));
  }
  return names;
}

function freeName(base: string, taken: Set<string | undefined>): string {
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}${number}`;
  taken.add(name);
  return name;
}
