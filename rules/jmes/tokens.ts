import { tokenize, type Token } from "@jmespath-community/jmespath";

/** The expression is not valid JMESPath, or not supported by the reference. */
export class JmesError extends Error {
  override readonly name = "JmesError";

  constructor(
    message: string,
    /** Position in the expression, in UTF-16 units. */
    readonly offset: number,
  ) {
    super(message);
  }
}

/** Parser options of the library. */
export const OPTIONS = { enable_legacy_literals: true };

/** Maximum number of tokens: the tree of a longer expression could be deeper than the stack. */
const MAX_TOKENS = 1000;

/** @throws JmesError if there are too many */
export function checkCount(tokens: readonly Token[]): void {
  if (tokens.length <= MAX_TOKENS) return;
  const message = `a JMESPath expression must have ${MAX_TOKENS} words at most, got ${tokens.length}`;
  throw new JmesError(`${message}; select in several steps`, 0);
}

/** Position of the first call of the named function. */
export function functionOffset(expression: string, name: string): number {
  const tokens = tokenize(expression, OPTIONS);
  const call = tokens.findIndex(({ value }, at) => value === name && tokens[at + 1]?.type === "Lparen");
  return tokens[call]?.start ?? 0;
}

/** Position of the first token of that type. */
export function tokenOffset(expression: string, type: string): number {
  return tokenize(expression, OPTIONS).find((token) => token.type === type)?.start ?? 0;
}

/** Position of the first slice step that is 0. */
export function stepOffset(expression: string): number {
  const tokens = tokenize(expression, OPTIONS);
  const isStep = ({ type, value }: Token, at: number): boolean =>
    type === "Number" && Number(value) === 0 && tokens[at - 1]?.type === "Colon" && tokens[at + 1]?.type === "Rbracket";
  return tokens.find(isStep)?.start ?? 0;
}
