/** The rule engine, in the zip of functions whose settings ask for it. */
export { createRulesProcessor } from "../functions/processors/rules";
