import { compile, tokenize, type Token } from "@jmespath-community/jmespath";
import { JmesError, OPTIONS } from "./tokens";

/** What is wrong with an expression that the library refuses, where, and what to do: the library tells little of it. */
export function faultOf(expression: string): JmesError {
  if (expression.trim() === "") return new JmesError("a JMESPath expression must not be empty; write @ for all", 0);
  const readable = longestReadable(expression);
  const tokens = tokenize(expression.slice(0, readable), OPTIONS);
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

/** The first token with which a beginning of the expression fails other than by its end. */
function firstWrong(expression: string, tokens: readonly Token[], readable: number): number | undefined {
  const ends = [...tokens.slice(1).map(({ start }) => start), readable];
  const wrong = tokens.findIndex((_, at) => fails(expression.slice(0, ends[at])));
  return wrong === -1 ? undefined : wrong;
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

/** What cannot be made a token: a quote without an end, or a character that JMESPath has no use for. */
function unreadable(expression: string, start: number): JmesError {
  const character = String.fromCodePoint(expression.codePointAt(start)!);
  if (character === '"') return new JmesError('a name in quotes must be closed; write " behind it', start);
  const message = `${character} must not stand here in a JMESPath expression`;
  return new JmesError(`${message}; put a name with other than letters, digits and _ in double quotes`, start);
}

const CLOSING: Readonly<Record<string, string>> = { Lbracket: "]", Filter: "]", Lparen: ")", Lbrace: "}" };
const CLOSERS = ["Rbracket", "Rparen", "Rbrace"];
const NAMES = ["UnquotedIdentifier", "QuotedIdentifier"];
/** What an expression may end with. */
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
