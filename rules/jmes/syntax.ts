import { compile, tokenize, type Node } from "@jmespath-community/jmespath";
import { faultOf } from "./fault";
import { JmesError, OPTIONS } from "./tokens";

export type { Node };

/** Words of an expression: the tree of a longer one could be deeper than the stack. */
const MAX_TOKENS = 1000;

/** Tokens of the library that the JMESPath of the reference does not have. */
const FOREIGN: Readonly<Record<string, string>> = {
  Plus: "JMESPath does no sums; use op_add",
  Minus: "JMESPath does no sums; put a name that holds it in double quotes, or use op_sub",
  Multiply: "JMESPath does no sums; use op_mul",
  Divide: "JMESPath does no sums; use op_div_true",
  Div: "JMESPath does no sums; use op_div_floor",
  Modulo: "JMESPath does no sums; use op_mod",
  Assign: "write == to compare",
  Question: "write a && b || c for a choice",
  Variable: "put a name that holds it in double quotes",
  Root: "write @ for the value itself",
};

/** @throws JmesError where the expression is no JMESPath */
export function parseExpression(expression: string): Node {
  try {
    checkTokens(expression);
    return compile(expression, OPTIONS);
  } catch (error) {
    throw error instanceof JmesError ? error : faultOf(expression);
  }
}

/** What the library would take, and the reference does not. */
function checkTokens(expression: string): void {
  const tokens = tokenize(expression, OPTIONS);
  if (tokens.length > MAX_TOKENS) {
    const message = `a JMESPath expression must have ${MAX_TOKENS} words at most, got ${tokens.length}`;
    throw new JmesError(`${message}; select in several steps`, 0);
  }
  for (const { type, start } of tokens) {
    if (Object.hasOwn(FOREIGN, type)) {
      const message = `${expression[start]} must not stand in a JMESPath expression`;
      throw new JmesError(`${message}; ${FOREIGN[type]}`, start);
    }
    if (type === "Literal" && !isClosed(expression, start)) {
      throw new JmesError(`a literal must be closed; write ${expression[start]} behind it`, start);
    }
  }
}

function isClosed(expression: string, start: number): boolean {
  const literal = /'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/sy;
  literal.lastIndex = start;
  return literal.test(expression);
}
