import { Refusal } from "../refusal";
import type { CloudFunction } from "./function";

/** What happens to an event whose invocation fails or is throttled. */
export interface InvokeConfig {
  /** Retries after an error, 0 to 2. */
  readonly retries: number;
  /** Maximum age of an event in seconds, 60 to 21600. Nothing waits that long in the local cloud. */
  readonly maxAgeSeconds: number;
}

/** SCF's defaults. Fact: docs/design/facts/runtime.md#retries. */
const DEFAULT: InvokeConfig = { retries: 2, maxAgeSeconds: 21_600 };

/** Retry settings by function. Refusals are thrown as {@link Refusal}. */
export class InvokeConfigs {
  private readonly configs = new WeakMap<CloudFunction, InvokeConfig>();

  of(target: CloudFunction): InvokeConfig {
    return this.configs.get(target) ?? DEFAULT;
  }

  /** Configures a function; omitted settings get SCF's defaults. */
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
