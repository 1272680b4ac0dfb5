/** The properties of messages with many more hostile alerts; `LOGS_ALERT_RUNS` says how many. */
process.env.LOGS_ALERT_RUNS ??= "1500";
import "../monitor/alert/render.test";
