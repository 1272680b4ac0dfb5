import { fail } from "../run/values";
import { checkLength, replaceEach } from "../run/length";
import { lengthOf } from "./points";

/** `str.ljust` and `rjust`: pads a text on one side to a width in code points. */
export function justify(text: string, width: number, fill: string, name: string, left: boolean): string {
  const missing = missingWidth(text, width, fill, name);
  if (missing <= 0) return text;
  return left ? text + fill.repeat(missing) : fill.repeat(missing) + text;
}

/** `str.center`: if the padding is odd, the larger half is on the left if the width is odd, otherwise on the right. */
export function center(text: string, width: number, fill: string, name: string): string {
  const missing = missingWidth(text, width, fill, name);
  if (missing <= 0) return text;
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

/** `str.zfill`: zeros after the sign. */
export function zeroFill(text: string, width: number): string {
  const missing = missingWidth(text, width, "0", "str_zfill");
  if (missing <= 0) return text;
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}

function missingWidth(text: string, width: number, fill: string, name: string): number {
  if (lengthOf(fill) !== 1) fail(`${name} must fill with one character, got ${JSON.stringify(fill.slice(0, 100))}`);
  checkLength(width);
  return width - lengthOf(text);
}

/** `str.expandtabs`: spaces up to the next multiple of the size; columns restart at `\n` and `\r`. */
export function expandTabs(text: string, size: number): string {
  if (!text.includes("\t")) return text;
  checkLength(size);
  let column = 0;
  return replaceEach(text, /\t|[\n\r]|[^\t\n\r]+/g, ([piece]) => {
    if (piece === "\t") {
      const width = size > 0 ? size - (column % size) : 0;
      column += width;
      return " ".repeat(width);
    }
    column = piece === "\n" || piece === "\r" ? 0 : column + lengthOf(piece);
    return piece;
  });
}
