import { Refusal } from "../refusal";
import type { CloudFunction } from "./function";

/** What becomes of an event that its function fails on, or that there is no room for. */
export interface InvokeConfig {
  /** Runs after an error, 0 to 2. */
  readonly retries: number;
  /** Seconds that an event waits at most, 60 to 21600. Nothing waits as long in the local cloud. */
  readonly maxAgeSeconds: number;
}

/** SCF's own. Fact: docs/design/facts/runtime.md#retries. */
const DEFAULT: InvokeConfig = { retries: 2, maxAgeSeconds: 21_600 };

/** How often SCF tries events again, by function. Whatever it refuses is a {@link Refusal}. */
export class InvokeConfigs {
  private readonly configs = new WeakMap<CloudFunction, InvokeConfig>();

  of(target: CloudFunction): InvokeConfig {
    return this.configs.get(target) ?? DEFAULT;
  }

  /** Configures a function; what is not given becomes SCF's own. */
  set(target: CloudFunction, config: { readonly [N in keyof InvokeConfig]: InvokeConfig[N] | undefined }): void {
    const { retries = DEFAULT.retries, maxAgeSeconds = DEFAULT.maxAgeSeconds } = config;
    if (![0, 1, 2].includes(retries)) {
      throw new Refusal("LimitExceeded.RetryNum", `RetryNum must be 0 to 2, got ${retries}`);
    }
    if (!(maxAgeSeconds >= 60 && maxAgeSeconds <= 21_600)) {
      throw new Refusal("LimitExceeded.MsgTTL", `MsgTTL must be 60 to 21600, got ${maxAgeSeconds}`);
    }
    this.configs.set(target, { retries, maxAgeSeconds });
  }
}
