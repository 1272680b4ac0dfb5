import type { Fold } from "./fold";

/** The flags of Python's `re` that patterns set inline. */
export interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
  readonly a: boolean;
}

export type FlagName = keyof Flags;

export const NO_FLAGS: Flags = { i: false, m: false, s: false, x: false, a: false };

export function isFlag(letter: string): letter is FlagName {
  return letter in NO_FLAGS;
}

export function foldOf({ i, a }: Flags): Fold {
  return i ? (a ? "ascii" : "unicode") : "none";
}
