import { once } from "node:events";
import type { Server } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** How long a port can be in use, in milliseconds: another connection may have got it meanwhile. */
const PATIENCE_MS = 30_000;

/** Listens on the loopback address. @param port 0 for any free one; otherwise waits for it to become free */
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
