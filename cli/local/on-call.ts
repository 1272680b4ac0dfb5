import { type SimulatedClock, WebhookStandIn } from "../../local";
import type { Console } from "../../terminal/console";

/** The part of a message to a `json` receiver that is read. */
interface AlertMessage {
  readonly alerts: readonly { readonly text: string }[];
}

/** The person on call: a webhook on loopback that shows each alert in readable form, and its delay. */
export class OnCall {
  /** Number of received alerts. */
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

  /** Delays are measured from here on. */
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
