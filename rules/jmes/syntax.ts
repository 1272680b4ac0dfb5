import { compile, tokenize, type Node } from "@jmespath-community/jmespath";
import { faultOf } from "./fault";
import { checkCount, JmesError, OPTIONS } from "./tokens";

export type { Node };

/** Maximum characters of an expression, which can come from an event; the same as for a pattern. */
const MAX_CHARACTERS = 65_536;
/** Maximum nesting of a literal's value, because printing it is recursive. */
const MAX_DEPTH = 1000;

/** Tokens of the library that the reference's JMESPath does not have. */
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

/** @throws JmesError if the expression is not valid JMESPath */
export function parseExpression(expression: string): Node {
  if (expression.length > MAX_CHARACTERS) {
    const message = `a JMESPath expression must have ${MAX_CHARACTERS} characters at most, got ${expression.length}`;
    throw new JmesError(`${message}; select in several steps`, 0);
  }
  try {
    checkTokens(expression);
    return compile(expression, OPTIONS);
  } catch (error) {
    throw error instanceof JmesError ? error : faultOf(expression);
  }
}

/** Refuses what the library accepts and the reference does not. */
function checkTokens(expression: string): void {
  const tokens = tokenize(expression, OPTIONS);
  checkCount(tokens);
  for (const { type, value, start } of tokens) {
    if (Object.hasOwn(FOREIGN, type)) {
      const message = `${expression[start]} must not stand in a JMESPath expression`;
      throw new JmesError(`${message}; ${FOREIGN[type]}`, start);
    }
    if (type === "Literal" && !isClosed(expression, start)) {
      throw new JmesError(`a literal must be closed; write ${expression[start]} behind it`, start);
    }
    if (type === "Literal" && isDeeper(value, MAX_DEPTH)) {
      throw new JmesError(
        `a literal must not be nested deeper than ${MAX_DEPTH} levels; select in several steps`,
        start,
      );
    }
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}

function isClosed(expression: string, start: number): boolean {
  const literal = /'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/sy;
  literal.lastIndex = start;
  return literal.test(expression);
}
