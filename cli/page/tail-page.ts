import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Credentials } from "../../functions/tencent/credentials";
import type { Console } from "../../terminal/console";
import { graphOf } from "../graph/draw";
import { readStacks } from "../graph/plan";
import type { TailArguments } from "../tail/arguments";
import type { TailEvent } from "../tail/events";
import type { FoundFunction } from "../tail/functions";
import { Board } from "./board";
import { TailReader } from "./from-tail";
import { openPage, replayAction } from "./open-page";
import { TailedPlaces } from "./tailed-places";
import { Trials } from "./trial";

/** The page of a tail. */
export interface TailPage {
  take(event: TailEvent): void;
  /**
   * Sets the functions that are tailed from now on.
   * @param from start of the requested time, in milliseconds since the epoch
   */
  find(functions: readonly FoundFunction[], from: number): void;
  close(): Promise<void>;
}

/** Options of a tail's page. */
export interface TailPageOptions {
  readonly args: Pick<TailArguments, "names" | "topics" | "out" | "how">;
  /** 0 for any free one. */
  readonly port: number;
  readonly credentials: () => Credentials;
}

/** Opens the live page for a tail. The graph shows the stack in `out`, if one was synthesized. */
export async function openTailPage({ args, port, credentials }: TailPageOptions, console: Console): Promise<TailPage> {
  const { names, topics, out, how } = args;
  const stacks = existsSync(join(out, "stacks")) ? readStacks(undefined, out) : [];
  const graph = graphOf(stacks);
  const board = new Board(`tencent-logs tail ${[...names, ...topics].join(" ")}`);
  const reader = new TailReader(board, graph);
  const trials = new Trials(stacks, graph);
  const places = new TailedPlaces(board, reader, { credentials, how, isOfTopics: topics.length > 0 });
  board.setActions({ replay: topics.length === 0, feed: [], trials: trials.list });
  const server = await openPage(
    board,
    {
      "/try": ({ function: id, text }) => trials.run(id, text),
      "/replay": replayAction((note) => places.replay(note)),
    },
    port,
    console,
  );
  return {
    take: (event) => reader.take(event),
    find: (functions, from) => places.follow(functions, from),
    close: async () => {
      places.close();
      board.close();
      await server.close();
    },
  };
}
