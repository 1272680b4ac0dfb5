import type { Console } from "../../terminal/console";
import { UserError } from "../../terminal/user-error";
import type { DevSource } from "../dev/events";
import { Board } from "./board";
import { DevReader } from "./from-dev";
import { openPage, replayAction } from "./open-page";
import { Trials } from "./trial";

/** The page of a session; it is closed with the command. */
export interface DevPage {
  /** The address to open, once. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Opens the live page for a session of the local cloud, and a browser if there is one.
 *
 * @param port 0 for any free one
 */
export async function openDevPage(
  source: DevSource,
  { port = 0 }: { readonly port?: number },
  console: Console,
): Promise<DevPage> {
  const board = new Board("tencent-logs dev");
  const reader = new DevReader(board);
  let trials = new Trials([], board.graph);
  reader.onStacks = (stacks) => {
    trials = new Trials(stacks, board.graph);
    const topics = board.graph.nodes.filter(({ kind, isExternal }) => kind === "topic" && !isExternal);
    board.setActions({ replay: true, feed: topics.map(({ name }) => name), trials: trials.list });
  };
  const end = source.subscribe((event) => reader.take(event), 0);
  const server = await openPage(
    board,
    {
      "/try": ({ function: id, text }) => trials.run(id, text),
      "/replay": replayAction((note) => source.replay(note)),
      "/feed": async ({ topic, text }) => {
        if (typeof topic !== "string" || typeof text !== "string") throw new UserError("topic and text must be texts");
        await source.feed(
          topic,
          text.split("\n").filter((line) => line.trim() !== ""),
        );
      },
    },
    port,
    console,
  );
  return {
    address: server.address,
    close: async () => {
      end();
      board.close();
      await server.close();
    },
  };
}
