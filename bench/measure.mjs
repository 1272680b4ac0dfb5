/**
 * Runs one measure in a process of its own, so that none warms or burdens another, and prints what it took as JSON:
 * `node measure.mjs MODULE MEASURE FILE`. A measure prepares, then returns the function that is timed.
 */
const [module, measure, path] = process.argv.slice(2);
const measures = await import(`./measures/${module}.mjs`);
const run = await measures[measure](path);

const startedAt = performance.now();
const result = await run();
const ms = performance.now() - startedAt;
// In KiB on Linux and macOS alike, says libuv.
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ms, peakMb, result }));
