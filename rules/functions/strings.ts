import { group } from "./define";
import { BYTES } from "./strings/bytes";
import { CHANGING } from "./strings/changing";
import { LAYOUT } from "./strings/layout";
import { MAKING } from "./strings/making";
import { SEARCHING } from "./strings/searching";

/**
 * The functions of texts are those of Python's `str`. What is no text becomes one first, as it would be written to a field,
 * and None the text "None".
 */
export const STRING = group("String", { ...MAKING, ...CHANGING, ...SEARCHING, ...LAYOUT, ...BYTES });
