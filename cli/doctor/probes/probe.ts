import type { ProbedAccount } from "./account";

/** An open question about Tencent Cloud, and how a real account answers it. */
export interface Probe {
  /** As `--yes` names it. */
  readonly id: string;
  readonly question: string;
  /** What a source says, or what we take for granted. */
  readonly stated: string;
  /** Where that stands: `docs/design/facts/runtime.md#claims-by-objects`. */
  readonly fact: string;
  /** What is made, and taken away again. */
  readonly makes: string;
  /** US cents that it costs at most, by the prices of docs/design/facts/cls-reading.md#prices. */
  readonly cents: number;
  /** Seconds that it takes, about. */
  readonly seconds: number;
  /** Resolves to what was seen, in a sentence. Throws `ServiceError`; the signal's reason. */
  run(account: ProbedAccount): Promise<string>;
}
