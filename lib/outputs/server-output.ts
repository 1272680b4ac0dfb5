import { BODY_COMPRESSIONS, type BodyCompression } from "../../functions/settings";
import { integer, oneOf, required, secret, text } from "../props/kinds";
import type { PropTable } from "../props/prop";
import { OUTPUT_PROPS, type OutputProps } from "./output";

/** Props of outputs that send batches to a server of your own. */
export interface ServerOutputProps extends OutputProps {
  /**
   * Address of the server, `https://HOST:PORT`. A server in a subnet requires the pipeline's `vpc`. The address is a
   * secret, because it can contain a user and a password: pass a value that only the plan knows, such as the
   * `stringValue` of a sensitive `TerraformVariable` of your stack. A literal is refused.
   */
  readonly url: string;
  /**
   * Field with a record's time: a number since the epoch, with 10 digits for seconds, 13 for milliseconds, 16 for
   * microseconds or 19 for nanoseconds; or ISO 8601 text with a zone.
   * @default `"__TIMESTAMP__"`, the time of logs that come from CLS
   */
  readonly timeField?: string;
  /** Compression of request bodies. @default "gzip" */
  readonly compression?: BodyCompression;
}

export const SERVER_OUTPUT_PROPS: PropTable<ServerOutputProps> = {
  ...OUTPUT_PROPS,
  url: required(secret, "declare a sensitive TerraformVariable in your stack and pass its stringValue"),
  timeField: text,
  compression: oneOf(BODY_COMPRESSIONS, "leave it out for gzip", "LOGS_OUTPUT_COMPRESSION"),
};

/** Maximum records per request. */
export const batchRecords = integer({ min: 1, max: 10_000, unit: "records" }, "LOGS_OUTPUT_BATCH");

/** Maximum bytes per request before compression. */
export const batchBytes = integer({ min: 64 * 1024, max: 50 * 1024 * 1024, unit: "bytes" }, "LOGS_OUTPUT_BATCH");
