import { BODY_COMPRESSIONS, type BodyCompression } from "../../functions/settings";
import { integer, oneOf, required, secret, text } from "../props/kinds";
import type { PropTable } from "../props/prop";
import { OUTPUT_PROPS, type OutputProps } from "./output";

/** Props of outputs that send batches to a server of your own. */
export interface ServerOutputProps extends OutputProps {
  /**
   * Address of the server, `https://HOST:PORT`; one in a subnet needs the pipeline's `vpc`. A secret, since it may hold user and
   * password: only a value that the plan knows and the code does not is taken, like the `stringValue` of a sensitive
   * `TerraformVariable` of your stack.
   */
  readonly url: string;
  /**
   * Field with a record's time: since the epoch, with 10 digits of seconds, 13 of milliseconds, 16 of microseconds or 19 of
   * nanoseconds; or text of ISO 8601 with a zone.
   * @default `"__TIMESTAMP__"`, the time of logs that come from CLS
   */
  readonly timeField?: string;
  /** How the body of a request is packed. @default "gzip" */
  readonly compression?: BodyCompression;
}

export const SERVER_OUTPUT_PROPS: PropTable<ServerOutputProps> = {
  ...OUTPUT_PROPS,
  url: required(secret, "declare a sensitive TerraformVariable in your stack and pass its stringValue"),
  timeField: text,
  compression: oneOf(BODY_COMPRESSIONS, "leave it out for gzip", "LOGS_OUTPUT_COMPRESSION"),
};

/** Records of one request at most. */
export const batchRecords = integer({ min: 1, max: 10_000, unit: "records" }, "LOGS_OUTPUT_BATCH");

/** Bytes of one request at most, before it is packed. */
export const batchBytes = integer({ min: 64 * 1024, max: 50 * 1024 * 1024, unit: "bytes" }, "LOGS_OUTPUT_BATCH");
