/**
 * One contestant of one measure, timed: `node contest.mjs full-parse@access ours FILE` prints `{ ms, cpuMs, peakMb, result }`. A
 * contestant prepares, then returns the function that is timed.
 */
const [measure, contestant, path] = process.argv.slice(2);
const [name, log] = measure.split("@");
const { default: given } = await import(`./measures/${name}.mjs`);
const definition = log === undefined ? given : given(log);
const open =
  contestant === "ours" ? definition.ours : definition.rivals.find((rival) => rival.name === contestant).open;
const run = await open(path);

const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
const done = await run();
const wallMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpuBefore);
// One that runs elsewhere tells its times itself.
const { ms = wallMs, cpuMs = (user + system) / 1000, result } = typeof done === "object" ? done : { result: done };
// In KiB on Linux and macOS alike, says libuv.
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ms, cpuMs, peakMb, result }));
