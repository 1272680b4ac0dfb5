/** The rule engine, in the zip of functions whose settings ask for it. */
export { createRulesTransformer } from "../functions/processors/rules";
