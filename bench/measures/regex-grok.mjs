import { grok, patternMeasure } from "../lib/patterns.mjs";

const COMBINED = grok("%{COMBINEDAPACHELOG}");

/** As V8 reads it: named groups without the P. */
const javascript = new RegExp(COMBINED.replaceAll("(?P<", "(?<"));

export default patternMeasure("grok of a combined log", [[COMBINED, javascript]], { rounds: 100 });
