/** What `npm test` tries by samples, whole, and its properties with many more examples; `LOGS_RUNS` says how many times as many. */
import "./support/many-runs";
import "../faults/poison.system.test";
import "../functions/handlers/memory.system.test";
import "../functions/parser/decompress.test";
import "../functions/parser/members.test";
import "../functions/processors/spliced.test";
import "../functions/redact/redact.test";
import "../lib/text-in-plans.test";
import "../parts/parquet/files.test";
import "../rules/limits.test";
import "../rules/native/compare.test";

// After theirs, which are for a sample.
jest.setTimeout(60 * 60 * 1000);
