/**
 * Times one contestant of one measure: `node contest.mjs full-parse@access ours FILE` prints `{ ms, cpuMs, peakMb,
 * result }`. A contestant prepares, then returns the function to time.
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
// A contestant that runs in another process reports its own times.
const { ms = wallMs, cpuMs = (user + system) / 1000, result } = typeof done === "object" ? done : { result: done };
// In KiB on both Linux and macOS, according to libuv.
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ms, cpuMs, peakMb, result }));
