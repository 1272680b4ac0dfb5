/** Monitors in the function of a stream pipeline, in the zip of those that carry some. */
export { CarriedMonitors } from "../functions/monitor/carried";
