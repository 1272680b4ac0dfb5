/**
 * JavaScript for the most memory that a process had, in MB. The kernel's `maxRSS` is no less than what the parent had when
 * it forked, so that a child of a Jest worker would tell the worker's; Linux knows the child's own.
 */
export const PEAK_MB = `(() => {
  try {
    const status = require("node:fs").readFileSync("/proc/self/status", "utf8");
    return Number(/VmHWM:\\s+(\\d+)/.exec(status)[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
})()`;
