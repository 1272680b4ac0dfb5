import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { builtFile } from "../../lib/packaging/built-files";
import { objectIn } from "../../functions/runtime/checked-json";
import { UserError } from "../../terminal/user-error";
import { Access, type Refusal, SAFE_HEADERS } from "./access";
import type { Board } from "./board";
import { PAGE } from "./document";
import { PageStream } from "./stream";

/** Requests of the page by path; the body and the answer are JSON. */
export type PageActions = Readonly<Record<string, (body: Readonly<Record<string, unknown>>) => Promise<unknown>>>;

/** Maximum bytes of a body: a log line, and its JSON. */
const MAX_BODY = 2 * 1024 * 1024;
/** Maximum concurrently connected pages. */
const MAX_PAGES = 16;

const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/page.js": { file: "page/page.js", type: "text/javascript; charset=utf-8" },
  "/page.css": { file: "page/page.css", type: "text/css; charset=utf-8" },
};

/** The live page, served on loopback to those who have its address. */
export class PageServer {
  readonly #board: Board;
  readonly #actions: PageActions;
  readonly #server: Server;
  readonly #streams = new Set<PageStream>();
  #access = new Access(0);

  private constructor(board: Board, actions: PageActions) {
    this.#board = board;
    this.#actions = actions;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    board.onItem = () => this.#streams.forEach((stream) => stream.notice());
    board.onState = (state) => this.#streams.forEach((stream) => stream.tell(state));
  }

  /** @param port 0 for any free one */
  static async open(board: Board, actions: PageActions = {}, port = 0): Promise<PageServer> {
    const page = new PageServer(board, actions);
    await new Promise<void>((resolve, reject) => {
      page.#server.once("error", ({ code }: NodeJS.ErrnoException) =>
        reject(new UserError(`the page needs a free port on 127.0.0.1, got ${port}: ${code}`)),
      );
      page.#server.listen(port, "127.0.0.1", resolve);
    });
    page.#access = new Access((page.#server.address() as AddressInfo).port);
    return page;
  }

  /** The address to open, once. */
  get address(): string {
    return this.#access.address;
  }

  async close(): Promise<void> {
    this.#streams.forEach((stream) => stream.end());
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // A client that does not read the last message in time does not get it.
    const timer = setTimeout(() => this.#server.closeAllConnections(), 200);
    this.#server.closeIdleConnections();
    await closed;
    clearTimeout(timer);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value);
    const refusal = this.#access.refuseHost(request);
    if (refusal) return refuse(response, refusal);
    const [path, query = ""] = (request.url ?? "/").split("?");
    try {
      if (request.method === "GET") return this.#get(request, response, { path, query });
      if (request.method === "POST") return await this.#post(request, response, path);
      refuse(response, { status: 405, text: "the methods are GET and POST\n" });
    } catch (error) {
      const isUsers = error instanceof UserError;
      json(response, isUsers ? 400 : 500, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  #get(request: IncomingMessage, response: ServerResponse, { path, query }: { path: string; query: string }): void {
    const key = path === "/" ? new URLSearchParams(query).get("key") : null;
    const cookie = key === null ? undefined : this.#access.enter(key);
    // No redirect: a cookie of this kind would not be sent if the address was opened from another site.
    if (cookie !== undefined) response.setHeader("set-cookie", cookie);
    const refusal = cookie === undefined ? this.#access.refuseStranger(request) : undefined;
    if (refusal) return refuse(response, refusal);
    const known = FILES[path];
    if (path === "/") send(response, "text/html; charset=utf-8", PAGE);
    else if (known) send(response, known.type, builtFile(known.file));
    else if (path === "/events") this.#listen(request, response);
    else refuse(response, { status: 404, text: "no such page\n" });
  }

  #listen({ headers }: IncomingMessage, response: ServerResponse): void {
    if (this.#streams.size >= MAX_PAGES) {
      return refuse(response, { status: 503, text: `at most ${MAX_PAGES} pages may be open; close one\n` });
    }
    const after = Number(headers["last-event-id"] ?? 0);
    const stream = new PageStream(response, this.#board.items, Number.isSafeInteger(after) ? Math.max(0, after) : 0);
    this.#streams.add(stream);
    response.on("close", () => this.#streams.delete(stream));
    stream.tell(this.#board.state);
    stream.notice();
  }

  async #post(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const refusal = this.#access.refuseStranger(request) ?? this.#access.refuseForeign(request);
    if (refusal) return refuse(response, refusal);
    const act = Object.hasOwn(this.#actions, path) ? this.#actions[path] : undefined;
    if (!act) return refuse(response, { status: 404, text: "no such action\n" });
    const body = objectIn(await bodyOf(request));
    if (!body) throw new UserError("the body must be a JSON object");
    json(response, 200, (await act(body)) ?? {});
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new UserError(`the body must have at most ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refuse(response: ServerResponse, { status, text }: Refusal): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
}

function send(response: ServerResponse, type: string, content: string | Uint8Array): void {
  response.writeHead(200, { "content-type": type }).end(content);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
