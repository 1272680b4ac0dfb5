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
   * Address of the POST requests. It is a secret, because anyone with a bot's address can post to it: pass a value that
   * only the plan knows, such as the `stringValue` of a sensitive `TerraformVariable` of your stack. A literal is
   * refused.
   */
  readonly url: string;
  /**
   * Format of the request body. `json` is an array of records. The others are bot messages of WeCom, DingTalk, Feishu
   * and Slack, sent within the rate limits of these services.
   * @default "json"
   */
  readonly format?: WebhookFormat;
  /**
   * Key that requests are signed with; a secret like `url`.
   * @default requests are not signed
   */
  readonly signatureKey?: string;
  /**
   * Maximum records per request, 1 to 1000.
   * @default 100
   */
  readonly maxBatchRecords?: number;
  /**
   * Maximum requests per minute from one instance of the function, 1 to 6000.
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

/** Sends batches of records in POST requests. Delivery is at least once: records carry a `log_id`. */
export class WebhookOutput implements IOutput {
  readonly parts = [];

  constructor(private readonly props: WebhookOutputProps) {}

  /** A bot receives the line unchanged. */
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
