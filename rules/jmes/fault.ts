import { compile, tokenize, type Token } from "@jmespath-community/jmespath";
import { checkCount, JmesError, OPTIONS } from "./tokens";

/**
 * Finds what is wrong with an expression that the library refuses, where, and the remedy, because the library's message
 * says little.
 *
 * @throws JmesError if it has too many tokens to examine
 */
export function faultOf(expression: string): JmesError {
  if (expression.trim() === "") return new JmesError("a JMESPath expression must not be empty; write @ for all", 0);
  const readable = longestReadable(expression);
  const tokens = tokenize(expression.slice(0, readable), OPTIONS);
  checkCount(tokens);
  const wrong = firstWrong(expression, tokens, readable);
  if (wrong !== undefined) {
    const { start } = tokens[wrong];
    const text = expression.slice(start, tokens[wrong + 1]?.start ?? readable).trim();
    const message = `${text} must not stand here in a JMESPath expression; ${remedyOf(tokens, wrong)}`;
    return new JmesError(message, start);
  }
  if (readable < expression.length) return unreadable(expression, readable);
  return new JmesError(`a JMESPath expression must not end here; ${missingAtEnd(expression, tokens)}`, readable);
}

/**
 * The first token with which a prefix of the expression fails for another reason than being incomplete; then all longer
 * prefixes fail too.
 */
function firstWrong(expression: string, tokens: readonly Token[], readable: number): number | undefined {
  const ends = [...tokens.slice(1).map(({ start }) => start), readable];
  let [right, wrong] = [-1, tokens.length];
  while (wrong - right > 1) {
    const middle = (right + wrong) >> 1;
    if (fails(expression.slice(0, ends[middle]))) wrong = middle;
    else right = middle;
  }
  return wrong === tokens.length ? undefined : wrong;
}

/** A string in any quotes, up to the end if it is not closed, or one character. */
const PIECE = /(["'`])(?:\\[^]|(?!\1)[^\\])*\1?|[^]/gu;

/** Length of the longest prefix that consists of complete tokens. */
function longestReadable(expression: string): number {
  for (const { 0: piece, index } of expression.matchAll(PIECE)) if (!isReadable(piece)) return index;
  return expression.length;
}

function isReadable(piece: string): boolean {
  try {
    tokenize(piece, OPTIONS);
    return true;
  } catch {
    return false;
  }
}

function fails(beginning: string): boolean {
  try {
    compile(beginning, OPTIONS);
    return false;
  } catch (error) {
    return !(error as Error).message.includes("EOF");
  }
}

/** The part that is not a token: an unclosed quote, or a character that is not used in JMESPath. */
function unreadable(expression: string, start: number): JmesError {
  const character = String.fromCodePoint(expression.codePointAt(start)!);
  if (character === '"') return new JmesError('a name in quotes must be closed; write " behind it', start);
  const message = `${character} must not stand here in a JMESPath expression`;
  return new JmesError(`${message}; put a name with other than letters, digits and _ in double quotes`, start);
}

const CLOSING: Readonly<Record<string, string>> = { Lbracket: "]", Filter: "]", Lparen: ")", Lbrace: "}" };
const CLOSERS = ["Rbracket", "Rparen", "Rbrace"];
const NAMES = ["UnquotedIdentifier", "QuotedIdentifier"];
/** Tokens that can end an expression. */
const ENDS = [...NAMES, ...CLOSERS, "Literal", "Number", "Star", "Current", "Flatten"];

function missingAtEnd(expression: string, tokens: readonly Token[]): string {
  const last = tokens.at(-1)!;
  if (!ENDS.includes(last.type)) return `write what ${expression.slice(last.start).trim()} stands before`;
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.type in CLOSING) open.push(token);
    else if (CLOSERS.includes(token.type)) open.pop();
  }
  const inner = open.at(-1);
  return inner
    ? `write ${CLOSING[inner.type]} for what opens at character ${inner.start + 1}`
    : "write what is missing";
}

function remedyOf(tokens: readonly Token[], wrong: number): string {
  const { type } = tokens[wrong];
  const before = tokens[wrong - 1]?.type;
  if (before === "Lbracket" && (type === "Literal" || type === "QuotedIdentifier")) {
    return 'write [0] for an element, and ."name" for a key';
  }
  if (before === "Dot" && type === "Number") return 'write [1] for an element, and ."1" for a key';
  if (before === "Dot" && type === "Literal") return "write a key in double quotes";
  if (NAMES.includes(type) && NAMES.includes(before)) {
    return "join names with a dot, or put a name that holds blanks in double quotes";
  }
  if (type === "Number" && before === undefined) return "put a name that begins with a digit in double quotes";
  if (type === "Number" && before !== "Lbracket" && before !== "Colon") {
    return "write a number between backticks, such as `5`";
  }
  return "remove it, or write what is missing before it";
}
