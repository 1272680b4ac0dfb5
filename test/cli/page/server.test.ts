import { type IncomingMessage, request, type RequestOptions } from "node:http";
import { Board } from "../../../cli/page/board";
import { MAX_TEXT, type NumberedItem, type State } from "../../../cli/page/items";
import { PageServer } from "../../../cli/page/server";
import { UserError } from "../../../terminal/user-error";

let board: Board;
let server: PageServer;
let port: number;
const fed: unknown[] = [];
beforeEach(async () => {
  fed.length = 0;
  board = new Board("a test");
  server = await PageServer.open(board, {
    "/feed": async (body) => void fed.push(body),
    "/fail": async () => {
      throw new UserError("topic must be one of the stack, got nothing");
    },
  });
  port = Number(new URL(server.address).port);
});
afterEach(async () => {
  board.close();
  await server.close();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

function ask(path: string, { body, ...options }: RequestOptions & { body?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, agent: false, ...options }, async (answer) => {
      let text = "";
      for await (const chunk of answer as AsyncIterable<Buffer>) text += chunk.toString();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
    });
    asked.on("error", reject).end(body);
  });
}

/** The cookie of who opens the address. */
async function enter(): Promise<string> {
  const { headers } = await ask(server.address.slice(`http://127.0.0.1:${port}`.length));
  return (headers["set-cookie"]?.[0] ?? "").split(";")[0];
}

/** Events of the stream until there are so many items, or it ends. */
function listen(
  cookie: string,
  items: number,
  lastId?: number,
): Promise<{ event: string; id?: string; data: unknown }[]> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, ...(lastId !== undefined && { "last-event-id": String(lastId) }) };
    const asked = request({ host: "127.0.0.1", port, path: "/events", agent: false, headers }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const events = eventsIn(text);
        const count = events.flatMap(({ event, data }) => (event === "items" ? (data as unknown[]) : [])).length;
        if (count < items) return;
        asked.destroy();
        resolve(events);
      });
      answer.on("end", () => resolve(eventsIn(text)));
    });
    asked.on("error", (error) => (error.message.includes("hang up") ? undefined : reject(error)));
    asked.end();
  });
}

function eventsIn(text: string) {
  return text
    .split("\n\n")
    .slice(0, -1)
    .flatMap((block) => {
      const fields = Object.fromEntries(
        block.split("\n").map((line) => /^(\w+): (.*)$/s.exec(line)?.slice(1) ?? ["", ""]),
      );
      return fields.event
        ? [
            {
              event: fields.event as string,
              id: fields.id as string | undefined,
              data: JSON.parse(fields.data) as unknown,
            },
          ]
        : [];
    });
}

describe("who may see the page", () => {
  it("is who has the address, once, and from then on who has the cookie", async () => {
    expect((await ask("/")).status).toBe(403);
    const path = server.address.slice(`http://127.0.0.1:${port}`.length);
    const first = await ask(path);
    expect(first.status).toBe(200);
    const [cookie] = first.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/^tencent-logs-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const again = await ask(path);
    expect([again.status, again.headers["set-cookie"]]).toEqual([403, undefined]);
    expect(again.text).toContain("can be used only once");
    expect((await ask("/", { headers: { cookie: cookie.split(";")[0] } })).status).toBe(200);
    expect((await ask("/page.js", { headers: { cookie: cookie.split(";")[0] } })).status).toBe(200);
  });

  it.each(["/", "/page.js", "/page.css", "/events"])("is nobody else: %s", async (path) => {
    expect((await ask(path)).status).toBe(403);
    expect((await ask(path, { headers: { cookie: `tencent-logs-${port}=${"A".repeat(43)}` } })).status).toBe(403);
    expect((await ask(`/?key=${"A".repeat(43)}`)).status).toBe(403);
  });

  it.each([
    "evil.example",
    "evil.example:80",
    "127.0.0.1",
    "127.0.0.1.evil.example",
    "[::1]",
    "localhost.evil.example:1",
  ])("is nobody who calls this machine %s, be the cookie right", async (host) => {
    const cookie = await enter();
    expect((await ask("/", { headers: { cookie, host } })).status).toBe(421);
  });

  it("is told to browsers in headers that let nothing of elsewhere in, and no script from a text", async () => {
    const { headers } = await ask("/", { headers: { cookie: await enter() } });
    expect(headers["content-security-policy"]).toMatchInlineSnapshot(
      `"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"`,
    );
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
    });
  });
});

describe("what changes something", () => {
  const own = () => ({
    origin: `http://127.0.0.1:${port}`,
    "content-type": "application/json",
    "x-tencent-logs": "1",
  });
  const feed = (headers: Record<string, string>, path = "/feed") =>
    ask(path, { method: "POST", headers, body: '{"topic":"access"}' });

  it("is taken from the page", async () => {
    const cookie = await enter();
    expect((await feed({ cookie, ...own() })).status).toBe(200);
    expect(fed).toEqual([{ topic: "access" }]);
  });

  it.each([
    ["without the cookie", { cookie: "" }],
    ["of another origin", { origin: "http://evil.example" }],
    ["of another port", { origin: "http://127.0.0.1:1" }],
    ["of a form", { "content-type": "text/plain" }],
    ["without our header", { "x-tencent-logs": "" }],
    ["of another site", { "sec-fetch-site": "cross-site" }],
  ])("is not taken from a request %s", async (_, headers) => {
    expect((await feed({ cookie: await enter(), ...own(), ...headers })).status).toBe(403);
    expect(fed).toEqual([]);
  });

  it("fails with what is to be put right", async () => {
    const answer = await feed({ cookie: await enter(), ...own() }, "/fail");
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      { error: "topic must be one of the stack, got nothing" },
    ]);
    expect((await feed({ cookie: await enter(), ...own() }, "/constructor")).status).toBe(403);
  });
});

describe("the stream", () => {
  const numbers = (events: Awaited<ReturnType<typeof listen>>): number[] =>
    events.flatMap(({ event, data }) =>
      event === "items" ? (data as NumberedItem[]).map(({ number }) => number) : [],
    );

  it("begins with the state, goes on with what is kept, and tells each item once where the page comes back", async () => {
    const cookie = await enter();
    for (let index = 0; index < 10; index++) board.news(`n${index}`);
    const first = await listen(cookie, 10);
    expect(first[0].event).toBe("state");
    expect((first[0].data as State).title).toBe("a test");
    expect(numbers(first)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const lastId = Number(first.at(-1)?.id);
    expect(lastId).toBe(10);
    for (let index = 0; index < 5; index++) board.news(`m${index}`);
    expect(numbers(await listen(cookie, 5, lastId))).toEqual([11, 12, 13, 14, 15]);
  });

  it("tells how many items a page missed that was away for long", async () => {
    const cookie = await enter();
    for (let index = 0; index < 25_000; index++) board.news("x");
    const events = await listen(cookie, 20_000, 100);
    expect(events.find(({ event }) => event === "missed")?.data).toEqual({ count: 4_900 });
    expect(numbers(events)[0]).toBe(5_001);
  });

  it("sends a long line cut, and says so", async () => {
    const cookie = await enter();
    board.news("x".repeat(MAX_TEXT + 1));
    const [item] = (await listen(cookie, 1)).flatMap(({ event, data }) =>
      event === "items" ? (data as { text: string }[]) : [],
    );
    expect(item.text).toBe(`${"x".repeat(MAX_TEXT)}… (${MAX_TEXT + 1} characters)`);
  });

  it("says that it ends, so that no page tries to come back", async () => {
    const listening = listen(await enter(), Infinity);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.close();
    expect((await listening).at(-1)?.event).toBe("end");
  });
});
