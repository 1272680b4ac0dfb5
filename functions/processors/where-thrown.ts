import { textOfThrown } from "../runtime/thrown";

/** Maximum stack frames in the message. */
const MOST_FRAMES = 5;

/** A frame with a position in a file; SCF stores 8 KB of a line. */
const FRAME = /^ +at (.{1,300}:\d+:\d+\)?)$/;

/**
 * Where user code threw, for the log: the error's name, and the innermost frames of its stack. The message can quote a
 * record, so it is removed, also from the stack, which repeats it.
 */
export function whereThrown(error: unknown): string {
  const shown = textOfThrown(error, "name")?.slice(0, 100) ?? typeof error;
  const [message, stack] = [textOfThrown(error, "message"), textOfThrown(error, "stack")];
  const frames = stack !== undefined && message !== undefined ? framesOf(stack, message) : [];
  return [shown, ...frames].join(" at ");
}

/** A stack begins with the message. If the message was changed since, the part that belongs to it is unknown. */
function framesOf(stack: string, message: string): string[] {
  const from = stack.indexOf(message);
  if (from === -1) return [];
  const frames = stack.slice(from + message.length).split("\n");
  return frames.flatMap((line) => FRAME.exec(line)?.[1] ?? []).slice(0, MOST_FRAMES);
}
