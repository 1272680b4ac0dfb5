const HEAD = Buffer.from('{"__CONTENT__":"');
const TAIL = Buffer.from('"}');
const NEWLINE = 10;
const RETURN = 13;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Converts each line of text to `{"__CONTENT__": line}`; empty lines stay unchanged. A carriage return before the line
 * end, or at the end of the text, is not part of the line; nor is a byte order mark at the start. A line can span many
 * chunks.
 *
 * Bytes that are not UTF-8 stay unchanged, so that the function counts them.
 */
export async function* wrapLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const wrapper = new LineWrapper();
  for await (const chunk of withoutMark(chunks)) yield wrapper.write(chunk);
  yield wrapper.end();
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (!head) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < MARK.length) continue;
    yield head.subarray(head.indexOf(MARK) === 0 ? MARK.length : 0);
    head = undefined;
  }
  if (head) yield head;
}

class LineWrapper {
  /** Whether a line has begun and not ended. */
  private open = false;
  /** A carriage return that is not written yet: the next byte shows whether it belongs to the line end. */
  private held = false;
  private pieces: Buffer[] = [];

  write(chunk: Buffer): Buffer {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const escape = ESCAPES[chunk[at]];
      if (escape === undefined && !this.held) continue;
      this.content(chunk.subarray(start, at));
      start = at;
      if (this.held && chunk[at] !== NEWLINE) this.content(ESCAPES[RETURN]);
      this.held = chunk[at] === RETURN;
      if (escape === undefined) continue;
      start = at + 1;
      if (chunk[at] === NEWLINE) this.endLine();
      else if (!this.held) this.content(escape);
    }
    this.content(chunk.subarray(start));
    return this.taken();
  }

  /** Ends the open line, if there is one. */
  end(): Buffer {
    if (this.open) this.pieces.push(TAIL);
    return this.taken();
  }

  private endLine(): void {
    if (this.open) this.pieces.push(TAIL);
    this.open = false;
    this.pieces.push(Buffer.from([NEWLINE]));
  }

  private content(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (!this.open) this.pieces.push(HEAD);
    this.open = true;
    this.pieces.push(bytes);
  }

  private taken(): Buffer {
    const taken = Buffer.concat(this.pieces);
    this.pieces = [];
    return taken;
  }
}

/** JSON escapes of bytes that are not allowed in a string, by byte; the line feed is included so that it is found. */
const ESCAPES: readonly Buffer[] = Array.from({ length: 256 }, (_, byte) => JSON.stringify(String.fromCharCode(byte)))
  .map((json) => Buffer.from(json.slice(1, -1), "latin1"))
  .reduce<Buffer[]>((escapes, json, byte) => {
    if (json.length > 1) escapes[byte] = json;
    return escapes;
  }, []);
