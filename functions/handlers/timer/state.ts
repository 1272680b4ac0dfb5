import { type QuarantineStore, TIMER_FOLDER } from "../../quarantine/store";
import { objectIn } from "../../runtime/checked-json";

/** What a catch-up keeps for the next one. Times in milliseconds since the epoch. */
export interface TimerState {
  readonly version: 1;
  /** When the first one ran: objects that were written before have no receipts, and are not looked for. */
  readonly began: number;
  /** Until when one may be at work. */
  readonly until?: number;
  /** Where the sweep goes on: a place by its number, and a key of it. */
  readonly sweptTo?: readonly [place: number, key: string];
  /** When the sweep last began with the first place. */
  readonly roundBegan?: number;
  /** Whether there was no time for a sweep: the next catch-up begins with it. */
  readonly owesSweep?: boolean;
  /** When notes were last looked at. */
  readonly lookedAt?: number;
}

/** Reads it; undefined where no catch-up has run. */
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
