import { readClsStreamSettings } from "../../settings";
import { mainHandler } from "../main-handler";
import { runClsStream } from "./cls-stream";

/** Entry point of the function to which CLS delivers logs. */
export const main_handler = mainHandler(readClsStreamSettings, runClsStream);
