import fc from "fast-check";
import type { AlertOutcome } from "../../../monitor";
import { runs, RUNS_MS } from "../../monitor/alert/runs";
import { alertOf } from "../../monitor/alert/support";
import type { Answer } from "../support/http-server";
import { closeAll, hookOf, idsAt, Objects, senderOf, StillClock, TAKEN } from "./support/senders";

afterEach(closeAll);

/** What may happen, one after the other. */
type Step =
  | { readonly type: "send"; readonly count: number }
  | { readonly type: "answers"; readonly answer: "taken" | "down" | "throttled" | "reset" | "refused" }
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "drain" | "restart" }
  | { readonly type: "full"; readonly isFull: boolean };

const ANSWERS: Readonly<Record<Extract<Step, { type: "answers" }>["answer"], Answer | undefined>> = {
  taken: TAKEN.json,
  down: { status: 503 },
  throttled: { status: 429, headers: { "retry-after": "90" } },
  reset: undefined,
  refused: { status: 400 },
};

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant("send" as const), count: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("answers" as const),
      answer: fc.constantFrom("taken", "taken", "down", "throttled", "reset", "refused"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("wait" as const), ms: fc.constantFrom(100, 16_000, 61_000) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom("drain" as const, "restart" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("full" as const), isFull: fc.boolean() }) },
);

/** Runs steps; then the receiver is back, and all that is kept is told. */
async function run(steps: readonly Step[]) {
  const hook = await hookOf();
  const clock = new StillClock();
  const objects = new Objects();
  const outcomes = new Map<string, AlertOutcome["outcome"]>();
  const taken = new Set<number>();
  let answer: Answer | undefined = TAKEN.json;
  hook.answer = (_, index) => {
    if (answer === TAKEN.json) taken.add(index);
    return answer;
  };
  const receivers = { oncall: { format: "json" as const, urlVariable: "ONCALL_URL", maxPerMinute: 10 } };
  const open = () => senderOf({ oncall: hook }, { receivers }, { clock, objects }).sender;
  let sender = open();
  /** Alerts, the first of each process. */
  const processes = [0];
  let next = 0;
  const send = async () => {
    const id = `alert-${String(next++).padStart(4, "0")}`;
    const [{ outcome }] = await sender.send(alertOf({ id }));
    outcomes.set(id, outcome);
  };
  for (const one of steps) {
    if (one.type === "send") await Promise.all(Array.from({ length: one.count }, send));
    else if (one.type === "answers") answer = ANSWERS[one.answer];
    else if (one.type === "wait") clock.at += one.ms;
    else if (one.type === "full") objects.isFull = one.isFull;
    else if (one.type === "drain") await sender.drain();
    else {
      await sender.close();
      sender = open();
      processes.push(next);
    }
  }
  answer = TAKEN.json;
  objects.isFull = false;
  for (let minute = 0; minute < 30 && objects.texts.size > 0; minute++) {
    clock.at += 60_000;
    await sender.drain();
  }
  return { told: idsAt(hook, (_, index) => taken.has(index)), outcomes, objects, processes, steps };
}

it(
  "whatever happens to a receiver, each alert is told once, or its outcome was failed; in order, if none was refused",
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const { told, outcomes, objects, processes } = await run(steps);
        await closeAll();
        const failed = [...outcomes].filter(([, outcome]) => outcome === "failed").map(([id]) => id);
        expect(objects.texts.size).toBe(0);
        expect([...told].sort()).toEqual([...outcomes.keys()].filter((id) => !failed.includes(id)).sort());
        if (steps.some((one) => one.type === "answers" && one.answer === "refused")) return;
        for (const [index, first] of processes.entries()) {
          const last = processes[index + 1] ?? Infinity;
          const ofOne = told.filter((id) => Number(id.slice(6)) >= first && Number(id.slice(6)) < last);
          expect(ofOne).toEqual([...ofOne].sort());
        }
      }),
      { numRuns: runs(25) },
    );
  },
  RUNS_MS,
);
