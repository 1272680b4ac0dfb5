/** The rule engine; only in the zip of functions whose settings, or whose monitors, need it. */
export { compileMonitorRules } from "../functions/monitor/rules";
export { createRulesProcessor } from "../functions/processors/rules";
