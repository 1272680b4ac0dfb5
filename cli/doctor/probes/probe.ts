import type { ProbedAccount } from "./account";

/** An open question about Tencent Cloud, and the experiment in a real account that answers it. */
export interface Probe {
  /** Name for `--yes`. */
  readonly id: string;
  readonly question: string;
  /** What a source states, or what we assume. */
  readonly stated: string;
  /** Its location: `docs/design/facts/runtime.md#claims-by-objects`. */
  readonly fact: string;
  /** What it creates, and removes again. */
  readonly makes: string;
  /** Maximum cost in US cents, by the prices of docs/design/facts/cls-reading.md#prices. */
  readonly cents: number;
  /** Approximate duration in seconds. */
  readonly seconds: number;
  /** Resolves to the observation, in a sentence. Throws `ServiceError`; the signal's reason. */
  run(account: ProbedAccount): Promise<string>;
}
