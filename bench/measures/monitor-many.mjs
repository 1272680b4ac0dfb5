import { deliveredBatches } from "../lib/generate-batches.mjs";
import { onlyScanned, ours, parseTwice } from "../lib/monitor.mjs";

const WORDS =
  "OutOfMemory panic deadlock segfault refused Traceback FATAL corrupt denied unreachable overflow NullPointer exceeded " +
  "killed rollback throttl certificate handshake ENOSPC ECONNRESET";

/** Each searches for a word in one field, and for a word at the start of another. */
const CONDITIONS = WORDS.split(" ").map((word, number) => [
  ["uri", new RegExp(word)],
  ["http_user_agent", new RegExp(`^${word} ${number}`)],
]);

/** Twenty monitors on one stream. */
export default {
  name: "20 monitors, 1 match in 10,000",
  file: deliveredBatches(10_000),
  judgesCpu: true,
  ours: ours(CONDITIONS),
  rivals: [
    { name: "JSON.parse twice + their 40 RegExps", atLeast: 4, open: parseTwice(CONDITIONS) },
    { name: "bytes scanned for one letter", open: onlyScanned(CONDITIONS) },
  ],
};
