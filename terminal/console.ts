/**
 * Where a command reads and writes: results go to `stdout`, progress and errors to `stderr`. A process is a Console.
 */
export interface Console {
  /** Input, for commands that read it. */
  readonly stdin?: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean; destroy?(): unknown };
  readonly stdout: {
    readonly isTTY?: boolean;
    write(text: string): unknown;
    /** Called when written data has been flushed; streams have it. */
    once?(event: "drain", listener: () => void): unknown;
  };
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown };
}

/** Text on a single line, whatever characters a key or a message contains. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
