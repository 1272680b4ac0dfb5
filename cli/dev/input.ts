import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { suggestion } from "../../rules/check/similar";
import { UsageError, UserError } from "../../terminal/user-error";
import { fileLines } from "../local/feed-stream";
import { checkReadable } from "../local/log-file";
import type { Feed } from "./arguments";
import { notesIn } from "./commands";
import type { DevSession } from "./session";

/** An event from a command line: JSON, or `@` with the path of a file with JSON. Throws UsageError. */
export function eventOf(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("@") ? readFileSync(text.slice(1), "utf8") : text) as unknown;
  } catch (error) {
    throw new UsageError(`EVENT must be JSON or @PATH, got ${text.slice(0, 100)}: ${(error as Error).message}`);
  }
}

/** Feeds a file like a collector; into a bucket, as an unchanged object. */
export async function feedFile(session: DevSession, { topic, file }: Feed): Promise<void> {
  checkReadable(file);
  if (await session.put(topic, file)) return;
  await session.feed(topic, fileLines(file));
}

/** Lines that arrive within this time are sent together, in milliseconds. */
const GATHER_MS = 50;

/** Feeds the lines of standard input as they arrive, until it ends. */
export async function feedStdin(session: DevSession, topic: string, stdin: NodeJS.ReadableStream): Promise<void> {
  let waiting: string[] = [];
  let work: Promise<void> | undefined;
  let failure: unknown;
  const flush = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    const lines = waiting;
    waiting = [];
    work = undefined;
    await session.feed(topic, lines);
  };
  for await (const line of createInterface({ input: stdin })) {
    waiting.push(line);
    // Input that is faster than the processing is slowed down.
    if (waiting.length > 10_000) await work;
    work ??= flush().catch((error: unknown) => void (failure = error));
    if (failure !== undefined) throw failure;
  }
  await work;
}

const COMMANDS = ["feed", "again", "call", "replay", "quit", "help"];
const HELP = "feed TOPIC LINE|@PATH, again, call NAME [EVENT], replay, quit";

/** Reads commands from standard input until it ends. @param again feeds all files again @param quit ends the session */
export async function takeCommands(
  session: DevSession,
  stdin: NodeJS.ReadableStream,
  { again, quit }: { readonly again: () => Promise<void>; readonly quit: () => void },
): Promise<void> {
  for await (const line of createInterface({ input: stdin })) {
    const [, command, first, rest] = /^\s*(\S*)\s*(\S*)\s*(.*)$/s.exec(line) ?? [];
    if (command === "") continue;
    if (command === "quit") return quit();
    try {
      if (command === "again") await again();
      else await perform(session, command, first, rest);
    } catch (error) {
      session.tell({ type: "told", level: "error", text: (error as Error).message });
      if (!(error instanceof UserError)) throw error;
    }
  }
}

async function perform(session: DevSession, command: string, first: string, rest: string): Promise<void> {
  switch (command) {
    case "feed":
      if (first === "" || rest === "")
        throw new UsageError("feed must be followed by a topic and a line, such as feed access {}");
      if (rest.startsWith("@")) return feedFile(session, { topic: first, file: rest.slice(1) });
      return session.feed(first, [rest]);
    case "call":
      return session.call(first, eventOf(rest === "" ? "{}" : rest));
    case "replay": {
      const notes = session.cloud ? notesIn(session.cloud) : [];
      if (notes.length === 0) session.tell({ type: "told", level: "info", text: "quarantine is empty" });
      for (const note of notes) await session.replay(note);
      return;
    }
    case "help":
      return session.tell({ type: "told", level: "info", text: HELP });
    default:
      throw new UsageError(`command must be one of ${HELP}, got "${command}"${suggestion(command, COMMANDS)}`);
  }
}
