import { readCosBatchSettings } from "../../settings";
import { mainHandler } from "../main-handler";
import { runCosBatch } from "./cos-batch";

/** Entry point of the function behind a COS trigger. */
export const main_handler = mainHandler(readCosBatchSettings, runCosBatch);
