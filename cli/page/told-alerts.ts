import { objectIn } from "../../functions/runtime/checked-json";
import type { Credentials } from "../../functions/tencent/credentials";
import { ReadError, type ReadHow, type ReadLog } from "../../functions/tencent/topic-reader";
import type { AlertOutcome } from "../../monitor";
import type { OfFunction, TailEvent } from "../tail/events";
import { Lane } from "../tail/lane";
import { eventOfNotice } from "../tail/notices";
import { tailErrorOf } from "../tail/tail-error";
import type { Board } from "./board";

/** A topic that stores each alert of a monitor. */
export interface RecordTopic extends OfFunction {
  readonly topic: { readonly topicId: string; readonly region: string };
}

/** How the topics are read. */
export interface ToldAlertsOptions {
  readonly credentials: () => Credentials;
  readonly how: ReadHow;
  /** Receives errors that reading recovered from. */
  readonly tell: (event: TailEvent) => void;
  /** Called for each alert. */
  readonly onAlert: (of: OfFunction, receivers: readonly string[]) => void;
}

/** Alerts that were sent, as monitors write them to their record topic. */
export class ToldAlerts {
  readonly #board: Board;
  readonly #options: ToldAlertsOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #problems = new Map<string, string>();

  constructor(board: Board, options: ToldAlertsOptions) {
    this.#board = board;
    this.#options = options;
  }

  /** What could not be read, and why. */
  get problems(): readonly string[] {
    return [...this.#problems.values()];
  }

  /** Reads each topic once. @param from milliseconds since the epoch */
  follow(topics: readonly RecordTopic[], from: number, onProblem: () => void): void {
    for (const one of topics) {
      const key = `${one.topic.region}/${one.topic.topicId}`;
      if (this.#lanes.has(key)) continue;
      const lane = new Lane({ lane: "slow", ...one.topic });
      this.#lanes.set(key, lane);
      void this.#read(lane, one, from).catch((error: unknown) => {
        this.#problems.set(key, `${one.function}: ${problemOf(error, lane)}`);
        onProblem();
      });
    }
  }

  close(): void {
    for (const lane of this.#lanes.values()) lane.end();
  }

  async #read(lane: Lane, of: RecordTopic, from: number): Promise<void> {
    const { credentials, how, tell } = this.#options;
    await lane.run(
      { from: new Date(from), follow: true, how, credentials },
      {
        batch: async ({ logs }) => {
          for (const log of logs) if (log.time >= from * 1000) this.#take(log, of);
        },
        notice: (notice) => {
          const event = eventOfNotice(notice, `alerts of ${of.function}, ${lane.what}`, Date.now() * 1000);
          if (event) tell(event);
        },
      },
    );
  }

  #take({ contents, time }: ReadLog, of: OfFunction): void {
    const { text, sent_at: sentAt, receivers } = contents;
    if (text === undefined || receivers === undefined) return;
    const outcomes = outcomesIn(receivers);
    const to = outcomes.map(({ receiver, outcome }) => (outcome === "taken" ? receiver : `${receiver} (${outcome})`));
    const sent = Number(sentAt);
    this.#board.add({
      type: "alert",
      time: Number.isFinite(sent) ? sent : time / 1000,
      to: to.length === 0 ? "no receiver: no route matches" : to.join(", "),
      text,
    });
    this.#options.onAlert(
      of,
      outcomes.filter(({ outcome }) => outcome === "taken").map(({ receiver }) => receiver),
    );
  }
}

function outcomesIn(text: string): readonly AlertOutcome[] {
  const { list } = objectIn(`{"list":${text}}`) ?? {};
  return Array.isArray(list) ? (list as AlertOutcome[]) : [];
}

function problemOf(error: unknown, lane: Lane): string {
  if (!(error instanceof ReadError)) return (error as Error).message;
  const { topicId } = lane.topic;
  return tailErrorOf(error, { action: error.action ?? "cls:pullLogs", what: `topic ${topicId}` }).message;
}
