import { tokenize, type Token } from "@jmespath-community/jmespath";
import { OPTIONS } from "./tokens";

/** Words that are field names in JMESPath, and what people mean who compare with them. */
const MEANT: Readonly<Record<string, string>> = {
  true: "true",
  True: "true",
  false: "false",
  False: "false",
  null: "null",
  None: "null",
};
const COMPARATORS = ["EQ", "NE", "LT", "LTE", "GT", "GTE"];

/** A part of an expression that is probably not intended, and its position. */
interface Hint {
  readonly message: string;
  readonly offset: number;
}

/** Finds a comparison with a field name that was meant as a value, and suggests the correct form. */
export function bareWord(expression: string): Hint | undefined {
  const tokens = tokenize(expression, OPTIONS);
  return bareConstant(tokens) ?? quotedName(expression, tokens);
}

function bareConstant(tokens: readonly Token[]): Hint | undefined {
  const found = tokens.find((token, at) => {
    if (token.type !== "UnquotedIdentifier" || !Object.hasOwn(MEANT, token.value as string)) return false;
    const [before, after] = [tokens.at(at - 1), tokens.at(at + 1)];
    return (at > 0 && isComparator(before) && !goesOn(after)) || (isComparator(after) && before?.type !== "Dot");
  });
  if (!found) return undefined;
  const word = found.value as string;
  return {
    message: `${word} is the name of a field here; write \`${MEANT[word]}\` between backticks for the value`,
    offset: found.start,
  };
}

/** A double-quoted name after a comparison is usually meant as a string. */
function quotedName(expression: string, tokens: readonly Token[]): Hint | undefined {
  const at = tokens.findIndex(
    ({ type }, index) =>
      type === "QuotedIdentifier" && isComparator(tokens[index - 1]) && !goesOn(tokens.at(index + 1)),
  );
  if (at === -1) return undefined;
  const { value, start } = tokens[at];
  const name = String(value);
  const written = expression.slice(start, tokens[at + 1]?.start ?? expression.length).trim();
  const number = /^-?\d+(?:\.\d+)?$/.test(name) ? `, or \`${name}\` for the number` : "";
  const text = name.replaceAll("'", "\\'");
  return { message: `${written} is the name of a field here; write '${text}' for the text${number}`, offset: start };
}

function isComparator(token: Token | undefined): boolean {
  return token !== undefined && COMPARATORS.includes(token.type);
}

/** Whether the token accesses something inside the field. */
function goesOn(token: Token | undefined): boolean {
  return token !== undefined && ["Dot", "Lbracket", "Flatten", "Filter", "Lparen"].includes(token.type);
}
