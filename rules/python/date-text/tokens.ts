const LETTER = /\p{L}/u;
const SPACE = /\s/;

type Kind = "word" | "number" | "space" | "other";

/**
 * Splits a text where the kind of its characters changes, as dateutil does: words, numbers, single other characters.
 * Any white space becomes `" "`. A number can contain one decimal point; further points, or points next to letters, are
 * separate tokens.
 */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const line = text.replaceAll("\0", "");
  for (let at = 0; at < line.length;) {
    const kind = kindOf(line[at]);
    if (kind === "space" || kind === "other") {
      tokens.push(kind === "space" ? " " : line[at]);
      at++;
    } else {
      const { run, points } = runAt(line, at, kind);
      at += run.length;
      if (points === 0) tokens.push(run);
      else if (/^\d+[.,]\d+$/.test(run)) tokens.push(run.replace(",", "."));
      else tokens.push(...run.split(/([.,])/).filter((part) => part !== ""));
    }
  }
  return tokens;
}

/** A run of letters or of digits continues over points, and after a point also with digits or letters. */
function runAt(line: string, start: number, first: "word" | "number"): { run: string; points: number } {
  let kind = first;
  let points = 0;
  let at = start + 1;
  for (; at < line.length; at++) {
    const next = kindOf(line[at]);
    if (next === kind) continue;
    if (line[at] === "." || isDecimalComma(line[at], kind, points, at - start)) points++;
    else if (points > 0 && (next === "word" || next === "number") && line[at - 1] === ".") kind = next;
    else break;
  }
  return { run: line.slice(start, at), points };
}

/** `10:20:30,123`: a comma after at least two digits, if there is no other point. */
function isDecimalComma(character: string, kind: Kind, points: number, length: number): boolean {
  return character === "," && kind === "number" && points === 0 && length >= 2;
}

function kindOf(character: string): Kind {
  if (character >= "0" && character <= "9") return "number";
  if ((character >= "a" && character <= "z") || (character >= "A" && character <= "Z")) return "word";
  if (character <= "\x7f") return SPACE.test(character) ? "space" : "other";
  return LETTER.test(character) ? "word" : SPACE.test(character) ? "space" : "other";
}
