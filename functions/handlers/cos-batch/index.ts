import { readCosBatchSettings } from "../../settings";
import { mainHandler } from "../main-handler";
import { readObjects, runCosBatch } from "./cos-batch";

/** Entry point of the function behind a COS trigger. */
export const main_handler = mainHandler(readCosBatchSettings, runCosBatch, (settings) => ({
  object: (wanted, context) => readObjects([wanted], { event: { backfill: wanted.backfill } }, context, settings),
  event: (event, context) => runCosBatch(event, context, settings),
}));
