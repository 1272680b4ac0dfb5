import type { NumberedItem, State } from "../cli/page/items";
import type { Store } from "./store";

/**
 * Listens to the server's events. After a lost connection, the browser reconnects automatically, and requests what it
 * missed.
 */
export function listen(store: Store): void {
  const source = new EventSource("/events");
  const on = <T>(name: string, take: (data: T) => void): void =>
    source.addEventListener(name, (event) => take(JSON.parse((event as MessageEvent<string>).data) as T));
  on<State>("state", (state) => store.takeState(state));
  on<NumberedItem[]>("items", (items) => store.takeItems(items));
  on<{ count: number }>("missed", ({ count }) => store.miss(count));
  source.addEventListener("open", () => store.connect("open"));
  source.addEventListener("error", () =>
    store.connect(source.readyState === EventSource.CLOSED ? "ended" : "connecting"),
  );
  on("end", () => {
    source.close();
    store.connect("ended");
  });
}

/** Sends a request to the command. Throws with its message if it fails. */
export async function ask<T>(path: string, body: object): Promise<T> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-tencent-logs": "1" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.headers.get("content-type") !== "application/json") throw new Error(text.trim());
  const answer = JSON.parse(text) as T & { readonly error?: string };
  if (!response.ok) throw new Error(answer.error ?? `HTTP ${response.status}`);
  return answer;
}
