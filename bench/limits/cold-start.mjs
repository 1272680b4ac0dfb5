import { median, wallMs } from "../lib/spawn.mjs";

const PAIRS = 21;

/** Time that requiring the handler adds to an empty script: the median of differences, because both vary together. */
export default ({ handler }) => {
  const differences = Array.from({ length: PAIRS }, () => wallMs(`require(${JSON.stringify(handler)})`) - wallMs(""));
  return [{ name: "cold start over an empty script", value: median(differences), below: 15, unit: "ms" }];
};
