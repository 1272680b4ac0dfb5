/** Monitors in the function of a stream pipeline; only in the zip of pipelines that carry some. */
export { CarriedMonitors } from "../functions/monitor/carried";
