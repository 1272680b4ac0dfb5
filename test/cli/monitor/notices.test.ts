import { Notices, type NoticesOptions } from "../../../cli/monitor/notices";
import { type Alert, type AlertOutcome, MemoryStore, readDefinition } from "../../../monitor";
import { until } from "../../functions/consume/support";

const topic = { name: "gz", topicId: "33a5bc13-0000-0000-0000-000000000000", region: "ap-guangzhou" };
const { file } = readDefinition({
  monitors: [{ name: "Errors", match: { status: "^5" }, alert: { to: "oncall" } }],
  sources: { gz: { region: topic.region, topic: topic.topicId, logset: "l", form: "pull" } },
  receivers: { oncall: { format: "json", url: { env: "URL" } } },
  state: "memory",
});

class Receiver {
  readonly alerts: Alert[] = [];
  outcome: AlertOutcome["outcome"] = "taken";
  /** Never answers, as a process that is killed while it sends. */
  isMute = false;

  send(alert: Alert): Promise<readonly AlertOutcome[]> {
    if (this.isMute) return new Promise(() => undefined);
    this.alerts.push(alert);
    return Promise.resolve([{ receiver: "oncall", outcome: this.outcome, ms: 1, attempts: 1 }]);
  }
}

let store: MemoryStore;
let receiver: Receiver;
let said: string[];
beforeEach(() => {
  store = new MemoryStore();
  receiver = new Receiver();
  said = [];
});

function notices(instance: string, more: Partial<NoticesOptions> = {}): Notices {
  if (!file) throw new Error("the definition must be right");
  return new Notices({ file, sender: receiver, store, instance, say: (text) => void said.push(text), ...more });
}

const marks = () => receiver.alerts.map((alert) => [alert.kind, ...alert.marks]);

test("what one process told of a lost position, no other tells", async () => {
  await notices("one").lost(topic, 1, 7, 5);
  await notices("two").lost(topic, 1, 7, 5);
  expect(marks()).toEqual([["lost"]]);
  expect(receiver.alerts[0]?.words).toContain("the 5 offsets from 7 on in partition 1");
});

test("what a process began to tell and never ended, another tells, before its position moves", async () => {
  const dying = new Receiver();
  dying.isMute = true;
  void notices("one", { sender: dying }).lost(topic, 1, 7, 5);
  let isThrough = false;
  const other = notices("two", { takeOverMs: 900 })
    .lost(topic, 1, 7, 5)
    .then(() => (isThrough = true));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(isThrough).toBe(false);
  await other;
  expect(marks()).toEqual([["lost", "again"]]);
});

test("a position does not move while the alert is neither sent nor kept", async () => {
  receiver.outcome = "failed";
  const one = notices("one");
  await expect(one.lost(topic, 1, 7, 5)).rejects.toThrow(/the alert was not accepted by oncall/);
  receiver.outcome = "quarantined";
  await one.lost(topic, 1, 7, 5);
  expect(marks()).toEqual([["lost"], ["lost", "again"]]);
});

test("where the state is away, everybody tells", async () => {
  store.create = () => Promise.reject(new Error("COS is away"));
  store.put = () => Promise.reject(new Error("COS is away"));
  for (const instance of ["one", "two"]) await notices(instance).lost(topic, 1, 7, 5);
  expect(marks()).toEqual([
    ["lost", "again"],
    ["lost", "again"],
  ]);
});

test("people hear of a source that fails, and of one that does not answer for long, once", async () => {
  const listen = notices("one", { awayMs: 100 }).listener([topic]);
  listen({ kind: "disconnected", code: "ECONNREFUSED", message: "no connection" });
  listen({ kind: "reconnected", afterMs: 20 });
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(marks()).toEqual([]);
  listen({ kind: "disconnected", code: "ECONNREFUSED", message: "no connection" });
  await until(() => receiver.alerts.length > 0, "the alert");
  expect(receiver.alerts[0]?.words).toContain("ECONNREFUSED: no connection");
  listen({ kind: "failed", what: "group", error: new Error("the key is wrong"), againMs: 1_000 });
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(marks()).toEqual([["unreadable"]]);
});
