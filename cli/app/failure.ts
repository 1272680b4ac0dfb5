import { dirname } from "node:path";

/** This package's folder, whose frames tell a user nothing. */
const OURS = dirname(dirname(__dirname));

/** What Node writes above an error that nobody caught: the place, its line, and a mark below it. */
const PLACE = /^\S+:\d+\n.*\n\s*\^+\n\n/m;

/**
 * What an app wrote that failed, as a person reads it. Of an error of the constructs, that is its message, which says what to do,
 * and where the user's own code led to it; Node adds the constructs' frames and every member of the error. All else stays as it is.
 */
export function failureText(written: string): string {
  const text = written.trim();
  const at = text.search(/^LogsError: /m);
  if (at < 0) return text;
  const before = text.slice(0, at).replace(PLACE, "").trim();
  const lines = text.slice(at).split("\n");
  const end = lines.findIndex((line) => /^ {4}at /.test(line));
  if (end < 0) return text;
  const frames = lines.slice(end).filter((line) => /^ {4}at /.test(line) && isUsers(line));
  return [...(before === "" ? [] : [before]), ...lines.slice(0, end), ...frames.slice(0, 2)].join("\n");
}

function isUsers(frame: string): boolean {
  return !/[\\/]node_modules[\\/]|\bnode:/.test(frame) && !frame.includes(OURS);
}
