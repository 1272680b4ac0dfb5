import type { CompileRules } from "../../../monitor";
import type { compileMonitorRules } from "../../monitor/rules";
import { loadBeside } from "../../runtime/loader";

/** The rule engine, which is in the zip only where a monitor has a rule text. */
export const compileBeside: CompileRules = (text) => {
  const part = loadBeside("rules.js") as { readonly compileMonitorRules: typeof compileMonitorRules };
  return part.compileMonitorRules(text, __dirname);
};
