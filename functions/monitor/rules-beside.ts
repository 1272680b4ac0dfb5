import type { CompileRules } from "../../monitor";
import { loadBeside } from "../runtime/loader";
import type { compileMonitorRules } from "./rules";

/** The rule engine, which is only in the zip if a monitor has a rule text. */
export const compileBeside: CompileRules = (text) => {
  const part = loadBeside("rules.js") as { readonly compileMonitorRules: typeof compileMonitorRules };
  return part.compileMonitorRules(text, __dirname);
};
