/** Where a command reads and writes: results go to `stdout`, progress and errors to `stderr`. A process is one. */
export interface Console {
  /** What a command reads, for those that read. */
  readonly stdin?: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean; destroy?(): unknown };
  readonly stdout: {
    readonly isTTY?: boolean;
    write(text: string): unknown;
    /** When what was written has gone; a stream has it. */
    once?(event: "drain", listener: () => void): unknown;
  };
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown };
}

/** Text that stays on one line, whatever a key or a message holds. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
