import type { Alphabet } from "./v8-source";

/** What a text holds, as far as translations care; `broken` texts hold half a surrogate pair. */
export type TextKind = "ascii" | "broken" | Alphabet;

let lastText = "";
let lastKind: TextKind = "ascii";

/**
 * The kind of a text. Strings that hold no character above U+00FF are stored in bytes, so that the first test costs
 * nothing; `ascii` is told apart from `latin` only where it is asked for, since that takes a look at each character.
 */
export function textKind(text: string, mindsAscii: boolean): TextKind {
  if (text === lastText && (lastKind !== "latin" || !mindsAscii)) return lastKind;
  lastText = text;
  return (lastKind = kindOf(text, mindsAscii));
}

function kindOf(text: string, mindsAscii: boolean): TextKind {
  if (!/[\u0100-\uffff]/.test(text)) return mindsAscii && !/[\x80-\xff]/.test(text) ? "ascii" : "latin";
  if (!/[\ud800-\udfff]/.test(text)) return "basic";
  return /^(?:[^\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff])*$/.test(text) ? "full" : "broken";
}
