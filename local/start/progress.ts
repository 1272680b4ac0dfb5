/** What progress is written to. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 2000;

/** Shows what is going on: one line that is rewritten on a terminal, a line now and then elsewhere. */
export class Progress {
  private lastShown = 0;
  private lastText = "";

  constructor(private readonly stream: ProgressStream) {}

  /** A new stage of the work: always shown. */
  stage(text: string): void {
    this.show(text);
  }

  /** How far it has come: shown where the last line is some time ago. */
  update(text: string): void {
    const interval = this.stream.isTTY ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
    if (Date.now() - this.lastShown >= interval) this.show(text);
  }

  /** Leaves the terminal as it was found. */
  end(): void {
    if (this.stream.isTTY) this.stream.write("\r\x1b[K");
  }

  private show(text: string): void {
    if (text === this.lastText) return;
    this.lastShown = Date.now();
    this.lastText = text;
    this.stream.write(this.stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  }
}
