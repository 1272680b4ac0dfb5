import { patternMeasure } from "../lib/patterns.mjs";

/** Lazy parts: V8 gets no pattern in which several of them have a choice. */
const PATTERNS = [[String.raw`(.*?) - - \[(.*?)\]`, /(.*?) - - \[(.*?)\]/]];

export default patternMeasure("a lazy pattern on lines of a log", PATTERNS, { rounds: 500 });
