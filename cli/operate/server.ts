import { createServer, type Server } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { UsageError } from "../../terminal/user-error";
import { matching } from "../../terminal/flags";
import type { Health } from "./health";

/** Data for the operator of a process. */
export interface Told {
  live(): Health;
  ready(): Health;
  metrics(): string;
}

/** The address to listen on. */
export interface Listening {
  readonly host: string;
  readonly port: number;
}

/** Flags of long-running commands. */
export const OPERATE_FLAGS = { listen: { type: "string", default: "127.0.0.1:0" } } as const;

/** Reads `--listen`: `host:port`, `[::1]:9090`, `off`. Throws {@link UsageError}. */
export function listeningOf(value: string): Listening | undefined {
  if (value === "off") return undefined;
  const rule = "must be HOST:PORT such as 127.0.0.1:9090, or off";
  const text = matching("--listen", value, /^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i, rule);
  const colon = text.lastIndexOf(":");
  const port = Number(text.slice(colon + 1));
  if (port > 65_535) throw new UsageError(`--listen ${rule}, got "${value}"; see --help`);
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ""), port };
}

/** Serves `/live`, `/ready` and `/metrics`. Resolves to the address, and a function that stops it. */
export async function serve(told: Told, { host, port }: Listening): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    // Not `new URL`, which throws on invalid input.
    const [pathname] = (request.url ?? "/").split("?");
    if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
    if (pathname === "/metrics") {
      return void response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(told.metrics());
    }
    const health = pathname === "/live" ? told.live() : pathname === "/ready" ? told.ready() : undefined;
    if (!health) return void response.writeHead(404).end("not found; the paths are /live, /ready, and /metrics\n");
    const text = health.isWell ? "ok\n" : `${health.reasons.join("\n")}\n`;
    response.writeHead(health.isWell ? 200 : 503, { "content-type": "text/plain; charset=utf-8" }).end(text);
  });
  await listen(server, host, port);
  // It must not keep the process alive.
  server.unref();
  const { port: taken, address } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://${isIPv6(address) ? `[${address}]` : address}:${taken}`, close };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new UsageError(`--listen must be an address that is free, got ${host}:${port}: ${error.code}`));
    });
    server.listen(port, host, resolve);
  });
}
