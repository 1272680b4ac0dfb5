import type { Console } from "../../terminal/console";
import { UserError } from "../../terminal/user-error";
import type { Board } from "./board";
import { openBrowser } from "./open-browser";
import { type PageActions, PageServer } from "./server";

/**
 * Serves the page of a command, prints its address, and opens a browser if there is one.
 * @param port 0 for any free one
 */
export async function openPage(
  board: Board,
  actions: PageActions,
  port: number,
  console: Console,
): Promise<PageServer> {
  const server = await PageServer.open(board, actions, port);
  console.stderr.write(`page: ${server.address} (can be used once)\n`);
  openBrowser(server.address);
  return server;
}

/** A note in quarantine, as identified by the page. */
interface NoteKey {
  readonly bucket: string;
  readonly key: string;
}

/** Replays a note on request of the page. */
export function replayAction(replay: (note: NoteKey) => Promise<unknown>): PageActions[string] {
  return async ({ bucket, key }) => {
    if (typeof bucket !== "string" || typeof key !== "string") {
      throw new UserError("note must have a bucket and a key");
    }
    await replay({ bucket, key });
  };
}
