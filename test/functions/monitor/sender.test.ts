import { alertOf, monitorOf, NOW } from "../../monitor/alert/support";
import { alertsIn, closeAll, hookOf, idsAt, Objects, senderOf, StillClock, TAKEN } from "./support/senders";

jest.setTimeout(30_000);
afterEach(closeAll);

const MINUTE_MS = 60_000;

function numbered(number: number) {
  return alertOf({ id: `alert-${String(number).padStart(4, "0")}`, group: [["service", `s${number}`]] });
}

const idsOf = (count: number) => Array.from({ length: count }, (_, number) => numbered(number).id);

describe("an alert", () => {
  it("is told to all receivers of its routes at once, and one that is down delays no other", async () => {
    const [slow, fast] = [await hookOf(), await hookOf()];
    slow.answer = () => ({ status: 503 });
    const { sender, objects } = senderOf({ slow, fast });
    const sent = sender.send(alertOf());
    while (fast.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(objects.texts.size).toBe(0);
    await sender.close();
    expect(await sent).toMatchObject([
      { receiver: "slow", outcome: "quarantined", code: "HTTP_503" },
      { receiver: "fast", outcome: "taken", attempts: 1 },
    ]);
  });

  it("is told to the fallback where a receiver fails for 30 seconds, and kept for that", async () => {
    const [oncall, mail] = [await hookOf(), await hookOf()];
    oncall.answer = () => ({ status: 500 });
    const clock = new StillClock();
    const monitors = [monitorOf({ routes: [{ to: ["oncall"], fallback: "mail" }] })];
    const { sender, objects } = senderOf({ oncall, mail }, { monitors }, { clock });
    let toldAfterMs = 0;
    mail.answer = () => ((toldAfterMs ||= clock.now() - NOW), TAKEN.json);
    expect(await sender.send(numbered(0))).toMatchObject([
      { receiver: "oncall", outcome: "quarantined", code: "HTTP_500" },
      { receiver: "mail", outcome: "taken" },
    ]);
    expect(toldAfterMs).toBeGreaterThan(20_000);
    expect(toldAfterMs).toBeLessThanOrEqual(30_000);
    // The next one does not wait for 30 seconds again.
    expect(await sender.send(numbered(1))).toMatchObject([
      { outcome: "quarantined", attempts: 0 },
      { outcome: "taken" },
    ]);
    expect(idsAt(mail)).toEqual(idsOf(2));
    expect([...objects.texts.keys()].every((key) => key.startsWith("monitor/alerts/oncall/"))).toBe(true);
  });

  it("is told to the fallback at once where it is refused, and to nobody twice", async () => {
    const [a, b, mail] = [await hookOf(), await hookOf(), await hookOf()];
    for (const hook of [a, b]) hook.answer = () => ({ status: 404 });
    const monitors = [monitorOf({ routes: [{ to: ["a", "b"], fallback: "mail" }] })];
    const { sender } = senderOf({ a, b, mail }, { monitors });
    const outcomes = await sender.send(alertOf());
    expect(outcomes.map(({ receiver, outcome }) => [receiver, outcome]).sort()).toEqual([
      ["a", "quarantined"],
      ["b", "quarantined"],
      ["mail", "taken"],
    ]);
  });

  it("that reaches nobody is said", async () => {
    const hook = await hookOf();
    const monitors = [monitorOf({ routes: [{ to: ["oncall"], labels: { team: "sea" } }] })];
    const { sender, told } = senderOf({ oncall: hook }, { monitors });
    expect(await sender.send(alertOf())).toEqual([]);
    expect(await sender.send(alertOf({ monitor: "Gone" }))).toEqual([]);
    expect(told).toEqual([
      expect.stringContaining("alert errors-1 of monitor Errors reaches nobody: no route of it fits"),
      expect.stringContaining("alert errors-1 of monitor Gone reaches nobody: the definition has no such monitor"),
    ]);
  });

  it("is masked before it is told, kept or recorded", async () => {
    const hook = await hookOf();
    hook.answer = () => ({ status: 400 });
    const monitors = [monitorOf({ sample: { around: 3, redact: ["status"] }, routes: [{ to: ["oncall"] }] })];
    const { sender, objects } = senderOf({ oncall: hook }, { monitors });
    await sender.send(alertOf({ group: [["status", "s3cret-0042"]], words: "x s3cret-0042" }));
    expect(hook.requests[0].body.toString()).not.toContain("s3cret");
    expect([...objects.texts.values()].join()).not.toContain("s3cret");
  });
});

describe("a receiver that refuses", () => {
  it("is told of to whoever operates this, once for each reason, and again when it had taken something", async () => {
    const hook = await hookOf();
    const { sender, told } = senderOf({ oncall: hook });
    hook.answer = () => ({ status: 404 });
    for (let number = 0; number < 3; number++) await sender.send(numbered(number));
    expect(told).toEqual([
      "receiver oncall refused alert alert-0000: POST to ONCALL_URL failed with HTTP 404; it is kept, and tried again",
    ]);
    hook.answer = () => ({ status: 400 });
    await sender.send(numbered(3));
    hook.answer = () => TAKEN.json;
    await sender.send(numbered(4));
    hook.answer = () => ({ status: 400 });
    await sender.send(numbered(5));
    expect(told.slice(1)).toEqual([expect.stringContaining("alert-0003"), expect.stringContaining("alert-0005")]);
  });

  it("some of what is kept tells the rest all the same, however many these are", async () => {
    const hook = await hookOf();
    const { sender, objects } = senderOf({ oncall: hook });
    hook.answer = () => ({ status: 400 });
    for (let number = 0; number < 8; number++) await sender.send(numbered(number));
    await sender.close();
    // The last is of no fault, and so is the second.
    const isPoison = (body: string) => [0, 2, 3, 4, 5, 6].some((number) => body.includes(numbered(number).id));
    hook.answer = ({ body }) => (isPoison(body.toString()) ? { status: 400 } : TAKEN.json);
    const next = senderOf({ oncall: hook }, {}, { objects });
    const left: number[] = [];
    for (let minute = 0; minute < 4; minute++) left.push((await next.sender.drain()).oncall.left);
    expect(left.at(-1)).toBe(6);
    expect(objects.texts.size).toBe(6);
    expect(next.told.length).toBeGreaterThan(0);
  });
});

describe("a receiver that was away", () => {
  it.each([
    ["a minute", 1],
    ["an hour", 60],
  ])("for %s is told of all that it missed: together, in order, marked late", async (_, minutes) => {
    const hook = await hookOf();
    const clock = new StillClock();
    const backAt = NOW + minutes * MINUTE_MS;
    const taken = new Set<number>();
    hook.answer = (_request, index) => (clock.now() < backAt ? { status: 503 } : (taken.add(index), TAKEN.json));
    const { sender, objects, told } = senderOf({ oncall: hook }, {}, { clock });
    const count = 3 * minutes + 3;
    for (let number = 0; number < count; number++) {
      await sender.send(numbered(number));
      clock.at += 20_000;
      if (number % 3 === 0) await sender.drain();
    }
    await sender.drain();
    expect(objects.texts.size).toBe(0);
    const isTaken = (_request: unknown, index: number) => taken.has(index);
    expect(idsAt(hook, isTaken)).toEqual(idsOf(count));
    const late = hook.requests
      .filter(isTaken)
      .flatMap(alertsIn)
      .filter(({ keptAt }) => keptAt !== undefined);
    expect(late.length).toBeGreaterThanOrEqual(3 * minutes - 2);
    expect(late[0].text).toMatch(/told late: kept since/);
    expect(taken.size).toBeLessThan(count / 2 + 4);
    expect(told.filter((text) => text.startsWith("receiver oncall takes nothing"))).toHaveLength(1);
    // Down is not asked again and again.
    expect(hook.requests.length - taken.size).toBeLessThan(15 + 5 * minutes);
  });

  it("is told by the next process of what the last one kept", async () => {
    const hook = await hookOf();
    hook.answer = () => ({ status: 503 });
    const clock = new StillClock();
    const { sender, objects } = senderOf({ oncall: hook }, {}, { clock });
    for (let number = 0; number < 45; number++) await sender.send(numbered(number));
    await sender.close();
    const before = hook.requests.length;
    hook.answer = () => TAKEN.json;
    const next = senderOf({ oncall: hook }, {}, { clock, objects });
    expect(await next.sender.drain()).toEqual({ oncall: { told: 45, left: 0 } });
    expect(idsAt(hook, (_, index) => index >= before)).toEqual(idsOf(45));
    expect(hook.requests.length - before).toBe(3);
    expect(objects.texts.size).toBe(0);
  });

  it("is told in order though the place where alerts are kept lists late", async () => {
    const hook = await hookOf();
    hook.answer = () => ({ status: 503 });
    const clock = new StillClock();
    const { sender, objects } = senderOf({ oncall: hook }, {}, { clock });
    for (let number = 0; number < 3; number++) await sender.send(numbered(number));
    for (const key of objects.texts.keys()) objects.unlisted.add(key);
    const before = hook.requests.length;
    hook.answer = () => TAKEN.json;
    expect(await sender.drain()).toEqual({ oncall: { told: 3, left: 0 } });
    expect(idsAt(hook, (_, index) => index >= before)).toEqual(idsOf(3));
  });

  it("is told once of an alert that was kept twice", async () => {
    const hook = await hookOf();
    hook.answer = () => ({ status: 503 });
    const { sender, objects } = senderOf({ oncall: hook }, {}, { clock: new StillClock() });
    for (const number of [0, 1, 0]) await sender.send(numbered(number));
    const before = hook.requests.length;
    hook.answer = () => TAKEN.json;
    await sender.drain();
    expect(idsAt(hook, (_, index) => index >= before)).toEqual(idsOf(2));
    expect(objects.texts.size).toBe(0);
  });
});

describe("two processes that tell what is kept at once", () => {
  const AGAIN = ({ marks }: { readonly marks?: readonly string[] }): boolean => marks?.includes("again") ?? false;

  /** What a receiver that was away left, and a process that has ended. */
  async function leftBehind(count: number) {
    const hook = await hookOf();
    hook.answer = () => ({ status: 503 });
    const clock = new StillClock();
    const { sender, objects } = senderOf({ oncall: hook }, {}, { clock });
    for (let number = 0; number < count; number++) await sender.send(numbered(number));
    await sender.close();
    const before = hook.requests.length;
    hook.answer = () => TAKEN.json;
    return { hook, clock, objects, isAfter: (_: unknown, index: number) => index >= before };
  }

  it("tell each alert once", async () => {
    const { hook, clock, objects, isAfter } = await leftBehind(45);
    const senders = [1, 2, 3].map(() => senderOf({ oncall: hook }, {}, { clock, objects }).sender);
    const drained = await Promise.all(senders.map((sender) => sender.drain()));
    expect(drained.reduce((sum, { oncall }) => sum + oncall.told, 0)).toBe(45);
    expect(idsAt(hook, isAfter).sort()).toEqual(idsOf(45));
    expect(hook.requests.filter(isAfter).flatMap(alertsIn).some(AGAIN)).toBe(false);
    expect(objects.texts.size).toBe(0);
  });

  it("wait for one that may have ended in between, and then say so", async () => {
    const { hook, clock, objects, isAfter } = await leftBehind(2);
    const [first] = objects.texts.keys();
    objects.texts.set(`${first}.claim-0`, JSON.stringify({ version: 1, by: "another", at: clock.now() }));
    const { sender } = senderOf({ oncall: hook }, {}, { clock, objects });
    expect(await sender.drain()).toEqual({ oncall: { told: 1, left: 1 } });
    clock.at += 2 * MINUTE_MS + 1;
    expect(await sender.drain()).toEqual({ oncall: { told: 1, left: 0 } });
    const told = hook.requests.filter(isAfter).flatMap(alertsIn);
    expect(told.map((alert) => [alert.id, AGAIN(alert)])).toEqual([
      [numbered(1).id, false],
      [numbered(0).id, true],
    ]);
    expect(objects.texts.size).toBe(0);
  });

  it("leave to each other what the receiver did not take", async () => {
    const { hook, clock, objects } = await leftBehind(3);
    hook.answer = () => ({ status: 503 });
    const [one, other] = [1, 2].map(() => senderOf({ oncall: hook }, {}, { clock, objects }).sender);
    expect(await one.drain()).toEqual({ oncall: { told: 0, left: 3 } });
    expect(objects.texts.size).toBe(3);
    hook.answer = () => TAKEN.json;
    expect(await other.drain()).toEqual({ oncall: { told: 3, left: 0 } });
    expect(hook.requests.flatMap(alertsIn).some(AGAIN)).toBe(false);
  });

  it("tell it, and that it may come again, where no claim can be written", async () => {
    const { hook, clock, objects, isAfter } = await leftBehind(3);
    objects.isFull = true;
    const { sender } = senderOf({ oncall: hook }, {}, { clock, objects });
    expect(await sender.drain()).toEqual({ oncall: { told: 3, left: 0 } });
    expect(hook.requests.filter(isAfter).flatMap(alertsIn).every(AGAIN)).toBe(true);
  });

  it("remove the claim on what is there no more", async () => {
    const { hook, clock, objects } = await leftBehind(1);
    const [key] = objects.texts.keys();
    objects.texts.set(key.replace("-0", "-9") + ".claim-0", JSON.stringify({ version: 1, by: "x", at: clock.now() }));
    await senderOf({ oncall: hook }, {}, { clock, objects }).sender.drain();
    expect(objects.texts.size).toBe(0);
  });
});

describe("an alert that a receiver refuses for what it is", () => {
  it("stays kept, and the others do not wait for it", async () => {
    const hook = await hookOf();
    hook.answer = ({ body }) => (body.includes("alert-0001") ? { status: 400 } : TAKEN.json);
    const { sender, objects } = senderOf({ oncall: hook }, {}, { clock: new StillClock() });
    const outcomes = [];
    for (let number = 0; number < 4; number++) outcomes.push(...(await sender.send(numbered(number))));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["taken", "quarantined", "taken", "taken"]);
    expect(objects.texts.size).toBe(1);
    expect(await sender.drain()).toEqual({ oncall: { told: 0, left: 1 } });
    expect(objects.texts.size).toBe(1);
  });

  it("does not hold up what was kept for another reason", async () => {
    const hook = await hookOf();
    hook.answer = () => ({ status: 503 });
    const { sender, objects } = senderOf({ oncall: hook }, {}, { clock: new StillClock() });
    for (let number = 0; number < 6; number++) await sender.send(numbered(number));
    const before = hook.requests.length;
    hook.answer = ({ body }) => (body.includes("alert-0002") ? { status: 400 } : TAKEN.json);
    await sender.drain();
    const isTaken = (request: { body: Buffer }, index: number) =>
      index >= before && !request.body.includes("alert-0002");
    expect(idsAt(hook, isTaken)).toEqual(idsOf(6).filter((id) => id !== "alert-0002"));
    expect(objects.texts.size).toBe(1);
  });
});

describe("a storm", () => {
  it("stays within a receiver's rate; all of it is told or kept, in order, and told together minutes later", async () => {
    const hook = await hookOf("wecom");
    const clock = new StillClock();
    const sentAt: number[] = [];
    hook.answer = () => (sentAt.push(clock.now()), TAKEN.wecom);
    const { sender, objects } = senderOf({ oncall: hook }, { format: "wecom" }, { clock });
    const count = 500;
    const outcomes = (
      await Promise.all(Array.from({ length: count }, (_, number) => sender.send(numbered(number))))
    ).flat();
    expect(outcomes.every(({ outcome }) => outcome !== "failed")).toBe(true);
    const kept = outcomes.filter(({ outcome }) => outcome === "quarantined").length;
    expect(objects.texts.size).toBe(kept);
    expect(kept).toBeGreaterThan(400);
    for (let minute = 0; minute < 20 && objects.texts.size > 0; minute++) {
      clock.at += MINUTE_MS;
      await sender.drain();
    }
    expect(objects.texts.size).toBe(0);
    const services = hook.requests.flatMap(({ body }) =>
      [...body.toString().matchAll(/service=s(\d+)/g)].map(([, n]) => +n),
    );
    expect(services).toEqual(Array.from({ length: count }, (_, number) => number));
    for (const [index, at] of sentAt.entries()) {
      expect(sentAt.filter((other, later) => later >= index && other < at + MINUTE_MS).length).toBeLessThanOrEqual(20);
    }
    expect(hook.requests.length).toBeLessThan(150);
  });
});

describe("a place for kept alerts that is slow", () => {
  it("is written to by several at once, and not by all", async () => {
    const hook = await hookOf();
    hook.answer = () => ({ status: 503 });
    let [under, most] = [0, 0];
    class Slow extends Objects {
      override async put(key: string, body: string): Promise<void> {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setTimeout(resolve, 5));
        under--;
        await super.put(key, body);
      }
    }
    const objects = new Slow();
    const { sender } = senderOf({ oncall: hook }, {}, { clock: new StillClock(), objects });
    await Promise.all(idsOf(200).map((_, number) => sender.send(numbered(number))));
    expect(most).toBe(16);
    expect(objects.texts.size).toBe(200);
    const before = hook.requests.length;
    hook.answer = () => TAKEN.json;
    expect(await sender.drain()).toEqual({ oncall: { told: 200, left: 0 } });
    expect(idsAt(hook, (_, index) => index >= before)).toEqual(idsOf(200));
  });
});

describe("a place for kept alerts that is full", () => {
  it("makes the outcome failed, and says so", async () => {
    const hook = await hookOf();
    hook.answer = () => ({ status: 503 });
    const objects = new Objects();
    objects.isFull = true;
    const { sender, told } = senderOf({ oncall: hook }, {}, { clock: new StillClock(), objects });
    const failed = [{ receiver: "oncall", outcome: "failed", code: "LOGS_ALERT_NOT_KEPT" }];
    expect(await sender.send(numbered(0))).toMatchObject(failed);
    expect(await sender.send(numbered(1))).toMatchObject(failed);
    expect(told).toContainEqual(
      expect.stringMatching(/^alert alert-0001 failed at receiver oncall: .*cannot be kept: ENOSPC/),
    );
  });

  it("that holds something else is told, and it stays", async () => {
    const hook = await hookOf();
    const objects = new Objects();
    await objects.put("monitor/alerts/oncall/0000000000001-x.json", "{}");
    const { sender, told } = senderOf({ oncall: hook }, {}, { objects });
    await sender.drain();
    await sender.drain();
    expect(told).toEqual([expect.stringContaining("must be a kept alert of version 1, got something else")]);
    expect(objects.texts.size).toBe(1);
  });
});

describe("secrets", () => {
  it("stand in no outcome, no kept alert, and in nothing that is told", async () => {
    const token = "token-oncall-0007";
    const hook = await hookOf("wecom");
    hook.answer = () => ({
      body: JSON.stringify({ errcode: 93000, errmsg: `bad ${encodeURIComponent(token)} ${token}` }),
    });
    const { sender, told, objects } = senderOf({ oncall: hook }, { format: "wecom" }, { clock: new StillClock() });
    const outcomes = [...(await sender.send(alertOf()))];
    hook.answer = () => undefined;
    outcomes.push(...(await sender.send(numbered(1))));
    const wrong = senderOf({ oncall: `ftp://host/${token}`, other: "" });
    outcomes.push(...(await wrong.sender.send(alertOf())));
    expect(outcomes.map(({ code }) => code)).toEqual(["93000", "ECONNRESET", "LOGS_SECRET", "LOGS_SECRET"]);
    const seen = JSON.stringify([outcomes, told, wrong.told, [...objects.texts], [...wrong.objects.texts]]);
    expect(seen).not.toContain("0007");
    expect([...wrong.objects.texts.values()].join()).toContain("ONCALL_URL must be an address");
  });
});
