import { grok, patternMeasure } from "../lib/patterns.mjs";

const COMBINED = grok("%{COMBINEDAPACHELOG}");

/** In V8's syntax: named groups without the P. */
const javascript = new RegExp(COMBINED.replaceAll("(?P<", "(?<"));

export default patternMeasure("grok of a combined log", [[COMBINED, javascript]], { rounds: 100 });
