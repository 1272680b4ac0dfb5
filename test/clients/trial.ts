import type { Served } from "./served";

/** What a client is tried with. */
export interface Trial {
  readonly served: Served;
  /** For what it writes. */
  readonly folder: string;
  step<T>(title: string, run: () => Promise<T>): Promise<T>;
}
