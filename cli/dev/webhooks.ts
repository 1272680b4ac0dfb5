import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { SETTINGS_VARIABLE } from "../../functions/settings";
import { type LocalCloud, readStack, WebhookStandIn } from "../../local";
import type { Happening, WebhookCalled } from "./events";

/** Maximum characters of a body in an event. */
const SHOWN_BODY = 16 * 1024;

/**
 * Receives what a stack sends to webhooks whose addresses are variables without a value, and reports it. Close it after
 * use.
 */
export class Webhooks {
  private constructor(private readonly standIn: WebhookStandIn) {}

  static async start(tell: (happening: Happening) => void): Promise<Webhooks> {
    return new Webhooks(await WebhookStandIn.start((variable, body) => tell(calledWith(variable, body))));
  }

  /** Addresses for the stack's variables without a value. @param given existing values */
  addressesFor(stackFolder: string, given: Readonly<Record<string, string>>): Record<string, string> {
    const open = [...readStack(stackFolder).variables].filter(
      ([name, value]) => value === undefined && !(name in given),
    );
    return Object.fromEntries(open.map(([name]) => [name, this.standIn.address(name)]));
  }

  /** Sets the format of each address to that of the service that it replaces, from the functions' settings. */
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

/** The part of an output's settings that is read. */
interface Addressed {
  readonly type?: string;
  readonly format?: string;
  /** The function's variable with the address. */
  readonly urlSecret?: string;
}

function calledWith(variable: string, body: string): WebhookCalled {
  return { type: "webhook", variable, alerts: alertsIn(body), body: body.slice(0, SHOWN_BODY) };
}

/** Texts of the alerts in a message, for receivers of any format. */
function alertsIn(body: string): string[] {
  const message = objectIn(body) ?? {};
  if (Array.isArray(message.alerts)) return (message.alerts as { text?: string }[]).flatMap(({ text }) => text ?? []);
  const bodies = [message, message.text, message.markdown, message.content].filter(isObject);
  const found = bodies.flatMap(({ content, text }) => [text, content]).find((value) => typeof value === "string");
  return typeof found === "string" ? [found] : [];
}
