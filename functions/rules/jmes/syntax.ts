import { compile, tokenize, type Node } from "@jmespath-community/jmespath";

export type { Node };

/** The expression is no JMESPath, or not one of the reference. */
export class JmesError extends Error {
  override readonly name = "JmesError";

  constructor(
    message: string,
    /** Where in the expression, in UTF-16 units. */
    readonly offset: number,
  ) {
    super(message);
  }
}

const OPTIONS = { enable_legacy_literals: true };

/** Tokens of the library that the JMESPath of the reference does not have. */
const FOREIGN = ["Plus", "Minus", "Multiply", "Divide", "Modulo", "Div", "Assign", "Question", "Variable", "Root"];

/** @throws JmesError where the expression is no JMESPath */
export function parseExpression(expression: string): Node {
  try {
    checkTokens(expression);
    return compile(expression, OPTIONS);
  } catch (error) {
    if (error instanceof JmesError) throw error;
    if (error instanceof RangeError) throw new JmesError("the expression is nested too deep", 0);
    const message = (error as Error).message.replace(/^syntax(?: error)?[:,] */i, "");
    throw new JmesError(`the expression must be JMESPath, got: ${message}`, faultOffset(expression));
  }
}

/** What the library would take, and the reference does not. */
function checkTokens(expression: string): void {
  for (const { type, start } of tokenize(expression, OPTIONS)) {
    if (FOREIGN.includes(type))
      throw new JmesError(`${expression[start]} must not stand in a JMESPath expression`, start);
    if (type === "Literal" && !isClosed(expression, start)) {
      throw new JmesError(`the literal must end with ${expression[start]}`, start);
    }
  }
}

function isClosed(expression: string, start: number): boolean {
  const literal = /'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/sy;
  literal.lastIndex = start;
  return literal.test(expression);
}

/** Where the function of that name is called for the first time. */
export function functionOffset(expression: string, name: string): number {
  const tokens = tokenize(expression, OPTIONS);
  const call = tokens.findIndex(({ value }, at) => value === name && tokens[at + 1]?.type === "Lparen");
  return tokens[call]?.start ?? 0;
}

/**
 * Where the fault is: at the first token with which a beginning of the expression fails other than by its end. The
 * library does not tell.
 */
function faultOffset(expression: string): number {
  const readable = longestReadable(expression);
  const tokens = tokenize(expression.slice(0, readable), OPTIONS);
  const ends = [...tokens.slice(1).map(({ start }) => start), readable];
  const wrong = tokens.findIndex((_, at) => fails(expression.slice(0, ends[at])));
  return wrong === -1 ? readable : tokens[wrong].start;
}

/** The length of the longest beginning that consists of whole tokens. */
function longestReadable(expression: string): number {
  for (let end = expression.length; end > 0; end--) {
    try {
      tokenize(expression.slice(0, end), OPTIONS);
      return end;
    } catch {
      // One character less.
    }
  }
  return 0;
}

function fails(beginning: string): boolean {
  try {
    compile(beginning, OPTIONS);
    return false;
  } catch (error) {
    return !(error as Error).message.includes("EOF");
  }
}
