import type { CsvLineEnd } from "./csv-line-end";
import type { TakeLine, TakeRun } from "./lines";

/** Reads lines as records of one format. */
export interface ContentReader {
  /** Processes the next line. */
  take(...line: Parameters<TakeLine>): void;
  /** Processes the next lines in one call. @default each line is passed to `take` */
  readonly takeRun?: TakeRun;
  /** Detects the line end from the start of the input. @default a line feed */
  readonly lineEnd?: CsvLineEnd;
  /** Offset of the first record that waits for its end, if later records do not. @default none */
  readonly waiting?: number;
  /**
   * Calls the function that passes lines to it, if they could take too long. @default the function is called directly
   */
  watch?(handLines: () => void): void;
  /** Passes on complete records. Called if no more of the input is available yet. */
  flush(): void;
  /**
   * Passes on, after {@link flush}, what still waits for more lines.
   *
   * @param cutOff whether a fault ended the input; then what is known to be unfinished is left out
   */
  end?(cutOff: boolean): void;
}
