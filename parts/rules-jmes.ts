import { jsonValue } from "../rules/functions/structured-data";
import type { JmesPart, Select } from "../rules/functions/common/jmes-part";
import { Kept } from "../rules/run/kept";
import { bareWord } from "../rules/jmes/bare-words";
import type { Implementations } from "../rules/run/implementation";
import { compileExpression } from "../rules/jmes/compile";
import { fail, isTrue } from "../rules/run/values";
import { quoted, textOf } from "../rules/functions/common/options";
import { JmesError } from "../rules/jmes/tokens";

/** Maximum characters of cached compiled expressions, because events can provide any number of them: some ten MB. */
const MOST_KEPT = 131_072;

const kept = new Kept<Select>(MOST_KEPT);

/** See `JmesPart`. Fails if the expression is not valid JMESPath. */
export const compile: JmesPart["compile"] = (expression) =>
  kept.get(expression, () => ({
    made: compiledOrFailed(expression),
    size: expression.length,
    forget: () => undefined,
  }));

/** See `JmesPart`. */
export const checkJmes: JmesPart["checkJmes"] = (expression) => {
  try {
    compileExpression(expression);
    const hint = bareWord(expression);
    return hint && { ...hint, isHint: true };
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
