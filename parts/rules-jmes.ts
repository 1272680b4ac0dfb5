import { jsonValue } from "../rules/functions/structured-data";
import type { JmesPart, Select } from "../rules/functions/common/jmes-part";
import type { Implementations } from "../rules/run/implementation";
import { compileExpression } from "../rules/jmes/compile";
import { fail, isTrue } from "../rules/run/values";
import { quoted, textOf } from "../rules/functions/common/options";
import { JmesError } from "../rules/jmes/tokens";

/** Expressions that events bring: how many are kept compiled. */
const MAX_KEPT = 1000;

const kept = new Map<string, Select>();

/** See `JmesPart`. Fails where the expression is no JMESPath. */
export const compile: JmesPart["compile"] = (expression) => {
  let select = kept.get(expression);
  if (!select) {
    select = compiledOrFailed(expression);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(expression, select);
  }
  return select;
};

/** See `JmesPart`. */
export const checkJmes: JmesPart["checkJmes"] = (expression) => {
  try {
    compileExpression(expression);
    return undefined;
  } catch (error) {
    if (error instanceof JmesError) return { message: error.message, offset: error.offset };
    throw error;
  }
};

function compiledOrFailed(expression: string): Select {
  try {
    return compileExpression(expression);
  } catch (error) {
    if (error instanceof JmesError) fail(`${quoted(expression)}, character ${error.offset + 1}: ${error.message}`);
    throw error;
  }
}

export const implementations: Implementations = {
  json_select: {
    thunk: (call) => {
      const value = call.argument("value").evaluate;
      const expression = call.argument("jmes");
      const select = call.derive(expression, (text) => compile(textOf(text)));
      const fallback = call.argument("default").evaluate;
      const restrict = call.argument("restrict").evaluate;
      return (event, run) => {
        const source = value(event, run);
        const parsed = jsonValue(source);
        if (parsed === undefined && isTrue(restrict(event, run))) {
          fail(`json_select must get JSON, got ${quoted(source)}`);
        }
        const selected = parsed === undefined ? undefined : select(event, run)(parsed);
        return selected ?? fallback(event, run);
      };
    },
  },
};
