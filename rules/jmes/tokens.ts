import { tokenize, type Token } from "@jmespath-community/jmespath";

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

/** How the library reads. */
export const OPTIONS = { enable_legacy_literals: true };

/** Words of an expression: the tree of a longer one could be deeper than the stack. */
const MAX_TOKENS = 1000;

/** @throws JmesError where there are too many */
export function checkCount(tokens: readonly Token[]): void {
  if (tokens.length <= MAX_TOKENS) return;
  const message = `a JMESPath expression must have ${MAX_TOKENS} words at most, got ${tokens.length}`;
  throw new JmesError(`${message}; select in several steps`, 0);
}

/** Where the function of that name is called for the first time. */
export function functionOffset(expression: string, name: string): number {
  const tokens = tokenize(expression, OPTIONS);
  const call = tokens.findIndex(({ value }, at) => value === name && tokens[at + 1]?.type === "Lparen");
  return tokens[call]?.start ?? 0;
}

/** Where a token of that type stands first. */
export function tokenOffset(expression: string, type: string): number {
  return tokenize(expression, OPTIONS).find((token) => token.type === type)?.start ?? 0;
}

/** Where the first step of 0 stands. */
export function stepOffset(expression: string): number {
  const tokens = tokenize(expression, OPTIONS);
  const isStep = ({ type, value }: Token, at: number): boolean =>
    type === "Number" && Number(value) === 0 && tokens[at - 1]?.type === "Colon" && tokens[at + 1]?.type === "Rbracket";
  return tokens.find(isStep)?.start ?? 0;
}
