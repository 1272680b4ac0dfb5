import { type QuarantineStore, TIMER_FOLDER } from "../../quarantine/store";
import { objectIn } from "../../runtime/checked-json";

/** State that a catch-up stores for the next one. Times are in milliseconds since the epoch. */
export interface TimerState {
  readonly version: 1;
  /** When the first catch-up ran: objects that were written before have no receipts, and are not swept. */
  readonly began: number;
  /** Until when a catch-up can be running. */
  readonly until?: number;
  /** Where the sweep continues: the number of a place, and a key in it. */
  readonly sweptTo?: readonly [place: number, key: string];
  /** When the sweep last started at the first place. */
  readonly roundBegan?: number;
  /** Whether there was no time for a sweep; the next catch-up then begins with it. */
  readonly owesSweep?: boolean;
  /** When the notes were last examined. */
  readonly lookedAt?: number;
}

/** Reads the state; undefined if no catch-up has run. */
export async function readState(store: QuarantineStore): Promise<TimerState | undefined> {
  const text = await store.read(keyIn(store));
  const state = text && objectIn(text.toString());
  return state?.version === 1 && typeof state.began === "number" ? (state as unknown as TimerState) : undefined;
}

export async function writeState(store: QuarantineStore, state: TimerState): Promise<void> {
  await store.putNote(keyIn(store), state);
}

function keyIn({ prefix }: QuarantineStore): string {
  return `${prefix}${TIMER_FOLDER}state.json`;
}
