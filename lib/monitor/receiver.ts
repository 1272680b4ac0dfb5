import { RECEIVER_FORMATS, type ReceiverFormat } from "../../monitor";
import { Checks } from "../errors";
import { instance, integer, knownAtSynth, required, secret, textThat } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";

/** Props of an {@link AlertReceiver}. */
export interface AlertReceiverProps {
  /**
   * Name of the receiver in the definition, in the record topic and in the output of commands, unique in the monitor: 1
   * to 64 letters, digits, `-` and `_`, beginning with a letter.
   * @default the format, with a number if several receivers have the same format
   */
  readonly name?: string;
  /**
   * Address of the POST requests. It is a secret, because anyone with a bot's address can post to it: pass a value that
   * only the plan knows, such as the `stringValue` of a sensitive `TerraformVariable` of your stack. A literal is
   * refused.
   */
  readonly url: string;
  /**
   * Key that requests are signed with; a secret like `url`.
   * @default requests are not signed
   */
  readonly signatureKey?: string;
  /**
   * Maximum messages per minute, 1 to 6000.
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

/** A receiver of alerts. One object can serve several monitors. */
export class AlertReceiver {
  /**
   * A WeCom bot.
   * @throws LogsError if a prop is not valid
   */
  static wecom(props: AlertReceiverProps): AlertReceiver {
    return new AlertReceiver("wecom", props);
  }

  /**
   * A DingTalk bot.
   * @throws LogsError if a prop is not valid
   */
  static dingtalk(props: AlertReceiverProps): AlertReceiver {
    return new AlertReceiver("dingtalk", props);
  }

  /**
   * A Feishu bot.
   * @throws LogsError if a prop is not valid
   */
  static feishu(props: AlertReceiverProps): AlertReceiver {
    return new AlertReceiver("feishu", props);
  }

  /**
   * A Slack incoming webhook.
   * @throws LogsError if a prop is not valid
   */
  static slack(props: AlertReceiverProps): AlertReceiver {
    return new AlertReceiver("slack", props);
  }

  /**
   * A service of your own, which receives alerts as JSON.
   * @throws LogsError if a prop is not valid
   */
  static json(props: AlertReceiverProps): AlertReceiver {
    return new AlertReceiver("json", props);
  }

  /** The props of the receiver. */
  readonly props: AlertReceiverProps;

  private constructor(
    /** Format of messages: that of a bot's service, or JSON for a service of your own. */
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

/** Names of receivers: their own, or one derived from the format. */
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
