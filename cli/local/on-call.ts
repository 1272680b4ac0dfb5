import { type SimulatedClock, WebhookStandIn } from "../../local";
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
    private readonly webhook: WebhookStandIn,
    private readonly clock: SimulatedClock,
    private readonly console: Console,
  ) {
    this.begunAt = clock.now();
  }

  static async start(clock: SimulatedClock, console: Console): Promise<OnCall> {
    const webhook = await WebhookStandIn.start((_name, body) => onCall.show(JSON.parse(body) as AlertMessage));
    const onCall = new OnCall(webhook, clock, console);
    return onCall;
  }

  get url(): string {
    return this.webhook.address("alerts");
  }

  /** From here on its time counts. */
  beginStep(): void {
    this.begunAt = this.clock.now();
  }

  close(): Promise<void> {
    return this.webhook.close();
  }

  private show({ alerts }: AlertMessage): void {
    const seconds = (this.clock.now() - this.begunAt) / 1000;
    for (const alert of alerts) {
      this.told++;
      const lines = alert.text.trimEnd().split("\n");
      this.console.stdout.write(
        `\n  ${passed(seconds)} later, an alert arrives\n${lines.map((line) => `  | ${line}\n`).join("")}\n`,
      );
    }
  }
}

function passed(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} minutes`;
}
