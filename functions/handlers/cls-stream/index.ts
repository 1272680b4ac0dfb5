import { readClsStreamSettings } from "../../settings";
import { DEFAULT_RETRY } from "../../tencent/retry";
import { mainHandler } from "../main-handler";
import { runClsStream } from "./cls-stream";

/** Entry point of the function to which CLS delivers logs. */
export const main_handler = mainHandler(
  readClsStreamSettings,
  (event, context, settings) => runClsStream(event, context, settings),
  (settings) => ({ event: (event, context, since) => runClsStream(event, context, settings, DEFAULT_RETRY, since) }),
);
