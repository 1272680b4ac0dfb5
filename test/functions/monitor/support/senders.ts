import { type SenderOptions, WebhookSender } from "../../../../functions/monitor/receivers/sender";
import type { Clock } from "../../../../functions/monitor/receivers/clock";
import type { AlertMessage, MonitorFile, ReceiverFormat, StateStore } from "../../../../monitor";
import { type Answer, type Received, TestServer } from "../../support/http-server";
import { fileOf, monitorOf, NOW } from "../../../monitor/alert/support";

/** A clock that does not really sleep: for one receiver, whose waits are sequential. */
export class StillClock implements Clock {
  at = NOW;

  now(): number {
    return this.at;
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.at += milliseconds;
  }
}

/** Objects in memory, in key order; it can refuse writes, and delay lists. */
export class Objects implements StateStore {
  readonly texts = new Map<string, string>();
  isFull = false;
  /** Keys that are not in lists yet. */
  readonly unlisted = new Set<string>();

  async create(key: string, body: string): Promise<"created" | "exists"> {
    if (this.texts.has(key)) return "exists";
    await this.put(key, body);
    return "created";
  }

  async put(key: string, body: string): Promise<void> {
    if (this.isFull) throw new Error("ENOSPC: no space left on device");
    this.texts.set(key, body);
  }

  async get(key: string): Promise<string | undefined> {
    return this.texts.get(key);
  }

  async *list(prefix: string): AsyncIterable<string> {
    yield* [...this.texts.keys()].filter((key) => key.startsWith(prefix) && !this.unlisted.has(key)).sort();
  }

  async remove(key: string): Promise<void> {
    this.texts.delete(key);
  }
}

/** Success answer of each service. */
export const TAKEN: Readonly<Record<ReceiverFormat, Answer>> = {
  json: {},
  wecom: { body: '{"errcode":0,"errmsg":"ok"}' },
  dingtalk: { body: '{"errcode":0,"errmsg":"ok"}' },
  feishu: { body: '{"code":0,"msg":"success"}' },
  slack: { body: "ok" },
};

const closers: (() => Promise<unknown>)[] = [];

/** Closes everything that a test opened. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

/** A server that answers like a service that accepts everything. */
export async function hookOf(format: ReceiverFormat = "json"): Promise<TestServer> {
  const hook = await TestServer.start();
  hook.answer = () => TAKEN[format];
  closers.push(() => hook.stop());
  return hook;
}

/** A sender, its messages for the operator, and its quarantine. */
export interface Opened {
  readonly sender: WebhookSender;
  readonly told: string[];
  readonly objects: Objects;
}

export function senderOf(
  hooks: Readonly<Record<string, TestServer | string>>,
  file: Partial<MonitorFile> & { format?: ReceiverFormat } = {},
  options: Partial<SenderOptions> & { objects?: Objects } = {},
): Opened {
  const { format = "json", ...overrides } = file;
  const { objects = new Objects(), ...rest } = options;
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, hook] of Object.entries(hooks)) {
    environment[`${name.toUpperCase()}_URL`] =
      typeof hook === "string" ? hook : `${hook.url}/hook?key=token-${name}-0007`;
  }
  const receivers = Object.fromEntries(
    Object.keys(hooks).map((name) => [name, { format, urlVariable: `${name.toUpperCase()}_URL` }]),
  );
  const told: string[] = [];
  const sender = new WebhookSender({
    file: fileOf({ receivers, monitors: [monitorOf({ routes: [{ to: Object.keys(hooks) }] })], ...overrides }),
    quarantine: { store: objects, prefix: "monitor/alerts/" },
    environment,
    tell: (text) => told.push(text),
    ...rest,
  });
  closers.push(() => sender.close());
  return { sender, told, objects };
}

/** The alerts in a request to a json receiver. */
export function alertsIn({ body }: Received): AlertMessage["alerts"] {
  return (JSON.parse(body.toString()) as AlertMessage).alerts;
}

/** Ids of all alerts that a json receiver accepted, in order of arrival. */
export function idsAt(hook: TestServer, isTaken: (request: Received, index: number) => boolean = () => true): string[] {
  return hook.requests.filter(isTaken).flatMap((request) => alertsIn(request).map(({ id }) => id));
}
