import { dirname } from "node:path";

/** This package's folder, whose stack frames are of no use to users. */
const OURS = dirname(dirname(__dirname));

/** What Node writes before an uncaught error: the position, the line, and a mark below it. */
const PLACE = /^\S+:\d+\n.*\n\s*\^+\n\n/m;

/**
 * The output of a failed app in readable form. Of an error from the constructs, it keeps the message, which contains
 * the remedy, and the user's own stack frames; Node adds the constructs' frames and every member of the error.
 * Everything else stays unchanged.
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
