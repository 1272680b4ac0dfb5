import { once } from "node:events";
import type { Server } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** How long a port may be somebody else's, in milliseconds: a connection that was made meanwhile may have it. */
const PATIENCE_MS = 30_000;

/** Listens on the loopback address. @param port any free one for 0; one that was given up is waited for */
export async function listen(server: Server, port: number): Promise<void> {
  for (const startedAt = Date.now(); ;) {
    try {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      return;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!isTaken || Date.now() - startedAt > PATIENCE_MS) throw error;
      await wait(50);
    }
  }
}
