import type { Implementations, Thunk } from "../run/implementation";
import { tryParseJson } from "../run/json";
import { fail, typeName } from "../run/values";

/** How `res_local` reads a variable. */
export const LOCAL_TYPES = ["auto", "JSON", "raw"];

/** What rules read beside the events. Objects in COS stand in the part `cos`. */
export const RESOURCES: Implementations = {
  /**
   * `res_local(param, default=None, type="auto")`: a variable of the function's environment. `auto` gives the value of its
   * JSON, or its text where it is none; `JSON` gives the default where it is none; `raw` gives the text. The default where
   * the variable is not set.
   */
  res_local: {
    thunk: (call): Thunk => {
      const type = call.constant("type", "auto");
      if (type !== "auto" && type !== "JSON" && type !== "raw") {
        fail(
          `res_local must get auto, JSON or raw as type, got ${typeof type === "string" ? type.slice(0, 100) : typeName(type)}`,
          "type",
        );
      }
      const fallback = call.argument("default")?.evaluate ?? (() => null);
      const name = call.derive(call.argument("param")!, (value) =>
        typeof value === "string" ? value : fail(`res_local must get a name as param, got ${typeName(value)}`),
      );
      return (event, run) => {
        const key = name(event, run);
        const text = Object.hasOwn(run.environment, key) ? run.environment[key] : undefined;
        if (text === undefined) return fallback(event, run);
        if (type === "raw") return text;
        const value = tryParseJson(text);
        if (value !== undefined) return value;
        return type === "auto" ? text : fallback(event, run);
      };
    },
  },
};
