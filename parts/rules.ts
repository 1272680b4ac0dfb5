/** The rule engine, in the zip of functions whose settings, or whose monitors, ask for it. */
export { compileMonitorRules } from "../functions/monitor/rules";
export { createRulesProcessor } from "../functions/processors/rules";
