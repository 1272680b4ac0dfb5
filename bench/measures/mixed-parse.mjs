import fullParse from "./full-parse.mjs";
import { mixedLog } from "../lib/generate.mjs";

/** Every record an object, of lines that hardly share a shape: what we do worst. */
export default {
  ...fullParse,
  name: "full parse of mixed lines",
  file: mixedLog,
  rivals: fullParse.rivals.map(({ name, open }) => ({ name, open })),
};
