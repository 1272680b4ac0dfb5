import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { SETTINGS_VARIABLE } from "../../functions/settings";
import { type LocalCloud, readStack, WebhookStandIn } from "../../local";
import type { Happening, WebhookCalled } from "./events";

/** Characters of a body that an event holds. */
const SHOWN_BODY = 16 * 1024;

/** Takes what a stack sends to webhooks whose addresses are variables without a value, and tells of it. Close it. */
export class Webhooks {
  private constructor(private readonly standIn: WebhookStandIn) {}

  static async start(tell: (happening: Happening) => void): Promise<Webhooks> {
    return new Webhooks(await WebhookStandIn.start((variable, body) => tell(calledWith(variable, body))));
  }

  /** Addresses for the variables of a stack that have no value. @param given values that there are */
  addressesFor(stackFolder: string, given: Readonly<Record<string, string>>): Record<string, string> {
    const open = [...readStack(stackFolder).variables].filter(
      ([name, value]) => value === undefined && !(name in given),
    );
    return Object.fromEntries(open.map(([name]) => [name, this.standIn.address(name)]));
  }

  /** Has each address speak as the service behind it does, as the functions' settings say. */
  learnFormats(cloud: LocalCloud): void {
    for (const { spec } of cloud.functions) {
      const { outputs } = objectIn(spec.environment[SETTINGS_VARIABLE] ?? "") ?? {};
      for (const output of Object.values((outputs ?? {}) as Record<string, Addressed>)) {
        const { type = "webhook", format = "json", urlSecret = "" } = output;
        const address = spec.environment[urlSecret] ?? "";
        if (this.standIn.has(address)) this.standIn.speak(address, type === "webhook" ? format : type);
      }
    }
  }

  close(): Promise<void> {
    return this.standIn.close();
  }
}

/** What is read of an output's settings. */
interface Addressed {
  readonly type?: string;
  readonly format?: string;
  /** Variable of the function that holds the address. */
  readonly urlSecret?: string;
}

function calledWith(variable: string, body: string): WebhookCalled {
  return { type: "webhook", variable, alerts: alertsIn(body), body: body.slice(0, SHOWN_BODY) };
}

/** Texts of the alerts in a message to a receiver of one's own, and of bots. */
function alertsIn(body: string): string[] {
  const message = objectIn(body) ?? {};
  if (Array.isArray(message.alerts)) return (message.alerts as { text?: string }[]).flatMap(({ text }) => text ?? []);
  const bodies = [message, message.text, message.markdown, message.content].filter(isObject);
  const found = bodies.flatMap(({ content, text }) => [text, content]).find((value) => typeof value === "string");
  return typeof found === "string" ? [found] : [];
}
