import { group } from "../define";
import { BYTES } from "./bytes";
import { CHANGING } from "./changing";
import { LAYOUT } from "./layout";
import { MAKING } from "./making";
import { SEARCHING } from "./searching";

/**
 * The functions of texts are those of Python's `str`. What is no text becomes one first, as it would be written to a field,
 * and None the text "None".
 */
export const STRING = group("String", { ...MAKING, ...CHANGING, ...SEARCHING, ...LAYOUT, ...BYTES });
