/** A summary in seconds of delays in milliseconds. */
export function summary(delays) {
  const sorted = [...delays].sort((one, other) => one - other);
  const at = (share) =>
    `${(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] / 1000).toFixed(2)} s`;
  return { told: sorted.length, median: at(0.5), p99: at(0.99), worst: at(1) };
}
