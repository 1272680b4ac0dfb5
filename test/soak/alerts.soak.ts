/** The properties of messages and of receivers' queues with many more examples; `LOGS_ALERT_RUNS` says how many. */
import "./support/many-alerts";
import "../functions/monitor/queue-property.test";
import "../monitor/alert/render.test";
