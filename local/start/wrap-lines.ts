import { StringDecoder } from "node:string_decoder";
import { withoutMark } from "./probe";

const HEAD = '{"__CONTENT__":"';
const TAIL = '"}';

/**
 * Each line of text as `{"__CONTENT__": line}`, and empty lines as they are. A carriage return before the line end, or at
 * the end of the text, is no part of the line; nor is a byte order mark at its start. A line may come in many chunks.
 */
export async function* wrapLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new StringDecoder("utf8");
  const wrapper = new LineWrapper();
  for await (const chunk of chunks) yield Buffer.from(wrapper.write(decoder.write(chunk)));
  yield Buffer.from(wrapper.write(decoder.end()) + wrapper.end());
}

class LineWrapper {
  private atStart = true;
  /** Whether a line has begun and not ended. */
  private open = false;
  /** A carriage return at the end of a chunk: what follows tells whether it belongs to the line end. */
  private heldReturn = "";

  write(chunk: string): string {
    if (chunk === "") return "";
    const text = this.heldReturn + (this.atStart ? withoutMark(chunk) : chunk);
    this.atStart = false;
    this.heldReturn = text.endsWith("\r") ? "\r" : "";
    const lines = withoutReturn(text).split("\n");
    const last = lines.pop() ?? "";
    return lines.map((line) => `${this.content(withoutReturn(line))}${this.end()}\n`).join("") + this.content(last);
  }

  /** Ends the open line, if there is one. */
  end(): string {
    const tail = this.open ? TAIL : "";
    this.open = false;
    return tail;
  }

  private content(text: string): string {
    if (text === "") return "";
    const head = this.open ? "" : HEAD;
    this.open = true;
    return head + JSON.stringify(text).slice(1, -1);
  }
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
