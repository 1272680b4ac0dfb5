import type { CsvLineEnd } from "./csv-line-end";
import type { TakeLine, TakeRun } from "./lines";

/** Reads lines as the records of one kind of content. */
export interface ContentReader {
  /** Takes the next line. */
  take(...line: Parameters<TakeLine>): void;
  /** Takes the next lines in one call. @default each of them is taken alone */
  readonly takeRun?: TakeRun;
  /** Tells by the start what ends lines. @default a line feed does */
  readonly lineEnd?: CsvLineEnd;
  /** Offset of the first record that waits for its end, where others that stand behind it do not. @default there is none */
  readonly waiting?: number;
  /** Calls what hands lines to it, where they may take it for ever. @default they are handed to it as they are */
  watch?(handLines: () => void): void;
  /** Hands on records that are complete. Called where no more of the input is there yet. */
  flush(): void;
  /**
   * Hands on, after {@link flush}, what still waits for more lines.
   *
   * @param cutOff whether a fault ended the input: then what is known to be unfinished is left out
   */
  end?(cutOff: boolean): void;
}
