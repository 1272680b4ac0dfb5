import { type ClientRequest, type IncomingMessage, request, type RequestOptions } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { NumberedItem, State } from "../../../../cli/page/items";

/** The client side of the live page, without a browser: its events and its requests. */
export class PageClient {
  state: State = {};
  readonly items: NumberedItem[] = [];
  readonly #port: number;
  #cookie = "";
  #listening: ClientRequest | undefined;

  private constructor(port: number) {
    this.#port = port;
  }

  /** @param address as printed by the command */
  static async open(address: string): Promise<PageClient> {
    const { port, pathname, search } = new URL(address);
    const client = new PageClient(Number(port));
    const { headers } = await client.#ask({ path: pathname + search });
    client.#cookie = (headers["set-cookie"]?.[0] ?? "").split(";")[0];
    client.#listen();
    return client;
  }

  /** Sends a request as the page does; resolves to the status and the answer's JSON. */
  async post(path: string, body: object): Promise<{ status: number; answer: { error?: string } }> {
    const headers = {
      cookie: this.#cookie,
      origin: `http://127.0.0.1:${this.#port}`,
      "content-type": "application/json",
      "x-tencent-logs": "1",
    };
    const { status, text } = await this.#ask({ path, method: "POST", headers }, JSON.stringify(body));
    return { status, answer: (text === "" ? {} : JSON.parse(text)) as { error?: string } };
  }

  /** Waits until the page shows something. */
  async until(what: string, holds: (client: this) => boolean): Promise<void> {
    for (const started = Date.now(); !holds(this); await wait(20)) {
      if (Date.now() - started < 25_000) continue;
      const { picture, ...state } = this.state;
      throw new Error(`the page must show ${what}, shows ${JSON.stringify({ ...state, picture: picture && "..." })}`);
    }
  }

  close(): void {
    this.#listening?.destroy();
  }

  #listen(): void {
    const options = { host: "127.0.0.1", port: this.#port, path: "/events", headers: { cookie: this.#cookie } };
    let text = "";
    this.#listening = request({ ...options, agent: false }, (answer) => {
      answer.on("data", (chunk: Buffer) => {
        const blocks = (text += chunk.toString()).split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) this.#take(block);
      });
      answer.on("error", () => undefined);
    });
    this.#listening.on("error", () => undefined).end();
  }

  #take(block: string): void {
    const event = /^event: (.*)$/m.exec(block)?.[1];
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (event === "state") this.state = { ...this.state, ...(JSON.parse(data ?? "{}") as State) };
    if (event === "items") this.items.push(...(JSON.parse(data ?? "[]") as NumberedItem[]));
  }

  #ask(
    options: RequestOptions,
    body?: string,
  ): Promise<{ status: number; headers: IncomingMessage["headers"]; text: string }> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: this.#port, agent: false, ...options }, async (answer) => {
        let text = "";
        for await (const chunk of answer as AsyncIterable<Buffer>) text += chunk.toString();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
      asked.on("error", reject).end(body);
    });
  }
}
