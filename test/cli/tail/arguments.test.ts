import { tailArguments } from "../../../cli/tail/arguments";

const FUTURE = new Date(Date.now() + 3_600_000).toISOString();
const PAST = new Date(Date.now() - 3_600_000).toISOString();

it.each([
  [["--since", "999999999d"], "--since must be at most 36500d"],
  [["--since", "1m", "--until", "5m"], "--until must be later than --since, got 5m and 1m"],
  [["--since", PAST, "--until", "2h"], `--until must be later than --since, got 2h and ${PAST}`],
  [["--until", "5m"], "--until must be in the future if there is no --since, got 5m"],
  [["--until", PAST], `--until must be in the future if there is no --since, got ${PAST}`],
  [["--since", "2026-02-31T10:00:00Z"], "--since must be how long ago"],
  [["--since", "2026-01-31T25:00:00Z"], "--since must be how long ago"],
  [["--no-follow"], "--no-follow must come with --since"],
  [["--wait-for", "x", "--timeout", "30d"], "--timeout must be at most 24d, got 30d"],
  [["--wait-for", "x", "--timeout", "0"], "--timeout must be more than 0"],
  [["--window", "2h"], "--window must be at most 1h, got 2h"],
  [["--version", "prod"], "--version must be $LATEST or a number; an alias stands for versions, got"],
  [["--version", ""], "--version must be $LATEST or a number"],
  [["--request", ""], "--request must be a request's id"],
])("%j is refused", (flags, sentence) => {
  expect(() => tailArguments(["orders", ...flags])).toThrow(sentence);
});

it.each([
  [["--since", "10m", "--until", "5m"]],
  [["--until", FUTURE]],
  [["--since", "1d", "--until", FUTURE, "--no-follow"]],
  [["--since", "2024-02-29"]],
  [["--window", "0"]],
  [["--version", "$LATEST"]],
  [["--wait-for", "x", "--timeout", "24d"]],
])("%j is taken", (flags) => {
  expect(tailArguments(["orders", ...flags])).toBeDefined();
});
