import type { Credentials } from "../../functions/tencent/credentials";
import type { ReadHow } from "../../functions/tencent/topic-reader";
import type { FoundFunction } from "../tail/functions";
import type { Board } from "./board";
import { type DeployedPlaces, placesIn } from "./deployed-places";
import type { TailReader } from "./from-tail";
import { KeptNotes } from "./kept-notes";
import { ToldAlerts } from "./told-alerts";

/** Options for reading the places. */
export interface TailedPlacesOptions {
  readonly credentials: () => Credentials;
  readonly how: ReadHow;
  /** Whether topics are tailed instead of functions. */
  readonly isOfTopics: boolean;
}

type Tailed = FoundFunction & { readonly places: DeployedPlaces };

/**
 * The quarantine and the alerts of the functions that a tail follows. Their locations are in the functions' own
 * settings, so no plan is needed. If something is missing or access is denied, that is shown instead.
 */
export class TailedPlaces {
  readonly #board: Board;
  readonly #notes: KeptNotes;
  readonly #alerts: ToldAlerts;
  #tailed: readonly Tailed[] = [];

  constructor(board: Board, reader: TailReader, { credentials, how, isOfTopics }: TailedPlacesOptions) {
    this.#board = board;
    this.#notes = new KeptNotes(board, credentials, (pipeline, count) => reader.quarantined(pipeline, count));
    this.#alerts = new ToldAlerts(board, {
      credentials,
      how,
      tell: (event) => reader.take(event),
      onAlert: (of, receivers) => reader.alerted(of, receivers),
    });
    const why = isOfTopics
      ? "a tail of topics shows no functions; pass the NAME of a function to see its quarantine and alerts"
      : "no function found yet";
    board.setRemarks({ quarantine: [why], alerts: [why] });
  }

  /** @param from start of the requested time, in milliseconds since the epoch */
  follow(functions: readonly FoundFunction[], from: number): void {
    this.#tailed = functions.map((one) => ({ ...one, places: placesIn(one.settings ?? "") }));
    const pipelines = this.#tailed.flatMap(({ places: { quarantine }, ...of }) =>
      quarantine ? [{ ...of, quarantine }] : [],
    );
    this.#notes.follow(pipelines);
    if (pipelines.length === 0) {
      this.#board.setRemarks({ quarantine: [`${this.#noneIs("pipeline")}; tail one to see its quarantine`] });
    }
    const topics = this.#tailed.flatMap(({ places, ...of }) => places.records.map((topic) => ({ ...of, topic })));
    this.#alerts.follow(topics, from, () => this.#remarkAlerts());
    this.#remarkAlerts();
  }

  replay(note: { readonly bucket: string; readonly key: string }): Promise<void> {
    return this.#notes.replay(note);
  }

  close(): void {
    this.#notes.close();
    this.#alerts.close();
  }

  #remarkAlerts(): void {
    const hasRecords = this.#tailed.some(({ places }) => places.records.length > 0);
    const none = `${this.#noneIs("LogMonitor")}; tail one to see its alerts`;
    this.#board.setRemarks({ alerts: [...(hasRecords ? [] : [none]), ...this.#alerts.problems] });
  }

  #noneIs(what: "pipeline" | "LogMonitor"): string {
    const [first, ...others] = this.#tailed;
    if (!first) return `no function of a ${what} found`;
    if (others.length > 0) return `none of the ${this.#tailed.length} functions belongs to a ${what}`;
    return `${first.function} does not belong to a ${what}`;
  }
}
