import { WEBHOOK_FORMATS, type WebhookFormat, type WrittenOutput } from "../../functions/settings";
import { Checks } from "../errors";
import { isToken } from "../framework";
import { integer, oneOf, required, secret } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import type { LogFunction } from "../scf/function";
import { addOptionalSecret, OUTPUT_PROPS, type IOutput, type OutputProps } from "./output";

/** Props of a {@link WebhookOutput}. */
export interface WebhookOutputProps extends OutputProps {
  /**
   * Address of the POST requests: a secret, since a bot's address lets anybody write to it. Only a value that the plan
   * knows and the code does not is taken, like the `stringValue` of a sensitive `TerraformVariable` of your stack.
   */
  readonly url: string;
  /**
   * How the body looks: `json` is an array of records, the others are messages of the bots of WeCom, DingTalk, Feishu
   * and Slack, sent within their rate limits.
   * @default "json"
   */
  readonly format?: WebhookFormat;
  /**
   * Key that requests are signed with; a secret like `url`.
   * @default requests are not signed
   */
  readonly signatureKey?: string;
  /**
   * Records that one request holds at most, 1 to 1000.
   * @default 100
   */
  readonly maxBatchRecords?: number;
  /**
   * Requests a minute of one instance of the function at most, 1 to 6000.
   * @default the limit of the format's service; none for json
   */
  readonly maxPerMinute?: number;
}

const PROPS: PropTable<WebhookOutputProps> = {
  ...OUTPUT_PROPS,
  format: oneOf(WEBHOOK_FORMATS, "leave it out for an array of records", "LOGS_WEBHOOK_FORMAT"),
  maxBatchRecords: integer({ min: 1, max: 1000, unit: "records" }, "LOGS_WEBHOOK_BATCH"),
  maxPerMinute: integer({ min: 1, max: 6000, unit: "requests" }, "LOGS_WEBHOOK_RATE"),
  url: required(secret, "declare a sensitive TerraformVariable in your stack and pass its stringValue"),
  signatureKey: secret,
};

/** POST requests with batches of records. Delivery is at least once: records carry `log_id`. */
export class WebhookOutput implements IOutput {
  readonly parts = [];

  constructor(private readonly props: WebhookOutputProps) {}

  /** A bot is told the line as it is. */
  get needsFields(): boolean {
    const { format = "json" } = this.props ?? {};
    return isToken(format) || format === "json";
  }

  bind(target: LogFunction, name: string): WrittenOutput {
    const checks = new Checks(target);
    const props = readProps(checks, PROPS, this.props, `outputs.${name}`);
    checks.throwIfAny();
    const { format, maxBatchRecords, maxPerMinute, onFailure, signatureKey, url } = props;
    return {
      type: "webhook",
      onFailure,
      urlSecret: target.addSecret(`${name}_url`, url),
      format,
      signatureSecret: addOptionalSecret(target, `${name}_signature`, signatureKey),
      maxBatchRecords,
      maxPerMinute,
    };
  }
}
