import { group } from "../define";
import { BYTES } from "./bytes";
import { CHANGING } from "./changing";
import { LAYOUT } from "./layout";
import { MAKING } from "./making";
import { SEARCHING } from "./searching";

/**
 * The string functions are those of Python's `str`. Other values are first converted to the text that would be written
 * to a field, None to "None".
 */
export const STRING = group("String", { ...MAKING, ...CHANGING, ...SEARCHING, ...LAYOUT, ...BYTES });
