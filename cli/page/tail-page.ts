import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Console } from "../../terminal/console";
import { graphOf } from "../graph/draw";
import { readStacks } from "../graph/plan";
import type { TailEvent } from "../tail/events";
import { Board } from "./board";
import { TailReader } from "./from-tail";
import { openBrowser } from "./open-browser";
import { PageServer } from "./server";
import { Trials } from "./trial";

/** The page of a tail. */
export interface TailPage {
  take(event: TailEvent): void;
  close(): Promise<void>;
}

/**
 * Opens the live page for a tail. The stack that is drawn is that of `out`, where one was synthesized.
 *
 * @param title what the page is about
 */
export async function openTailPage(
  { title, out, port }: { readonly title: string; readonly out: string; readonly port: number },
  console: Console,
): Promise<TailPage> {
  const stacks = existsSync(join(out, "stacks")) ? readStacks(undefined, out) : [];
  const graph = graphOf(stacks);
  const board = new Board(title);
  const reader = new TailReader(board, graph);
  const trials = new Trials(stacks, graph);
  board.setActions({ replay: false, feed: [], trials: trials.list });
  const server = await PageServer.open(board, { "/try": ({ function: id, text }) => trials.run(id, text) }, port);
  console.stderr.write(`page: ${server.address} (good for one use)\n`);
  openBrowser(server.address);
  return {
    take: (event) => reader.take(event),
    close: async () => {
      board.close();
      await server.close();
    },
  };
}
