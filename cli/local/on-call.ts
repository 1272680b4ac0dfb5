import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type SimulatedClock } from "../../local";
import type { Console } from "../../terminal/console";

/** What is read of a message to a receiver of the format `json`. */
interface AlertMessage {
  readonly alerts: readonly { readonly text: string }[];
}

/** Whoever is on call: a webhook on loopback that shows each alert as a person reads it, and how long it took. */
export class OnCall {
  /** Alerts that it got. */
  told = 0;
  private begunAt: number;

  private constructor(
    private readonly server: Server,
    private readonly clock: SimulatedClock,
    private readonly console: Console,
  ) {
    this.begunAt = clock.now();
  }

  static async start(clock: SimulatedClock, console: Console): Promise<OnCall> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const onCall = new OnCall(server, clock, console);
    server.on("request", (request, response) => {
      const seconds = (clock.now() - onCall.begunAt) / 1000;
      text(request).then(
        (body) => {
          onCall.show(JSON.parse(body) as AlertMessage, seconds);
          response.writeHead(200).end();
        },
        () => response.destroy(),
      );
    });
    return onCall;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/alerts`;
  }

  /** From here on its time counts. */
  beginStep(): void {
    this.begunAt = this.clock.now();
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private show({ alerts }: AlertMessage, seconds: number): void {
    for (const alert of alerts) {
      this.told++;
      const lines = alert.text.trimEnd().split("\n");
      this.console.stdout.write(
        `\n  ${passed(seconds)} later, people are told\n${lines.map((line) => `  | ${line}\n`).join("")}\n`,
      );
    }
  }
}

function passed(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} minutes`;
}
