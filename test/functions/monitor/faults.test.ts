import type { AlertOutcome, ReceiverFormat } from "../../../monitor";
import type { Answer } from "../support/http-server";
import { alertOf } from "../../monitor/alert/support";
import { closeAll, hookOf, senderOf, StillClock, TAKEN } from "./support/senders";

afterEach(closeAll);

const FORMATS: readonly ReceiverFormat[] = ["json", "wecom", "dingtalk", "feishu", "slack"];

/** What a receiver answers first, and what becomes of the alert: it is taken at the second try, or kept. */
interface Fault {
  readonly name: string;
  /** Undefined resets the connection. */
  readonly answer: Answer | undefined;
  readonly outcome: "taken" | "quarantined";
  /** Tries until then. */
  readonly attempts: number;
  readonly code?: string;
  readonly formats?: readonly ReceiverFormat[];
  /** Least milliseconds until then. */
  readonly waitMs?: number;
}

const BOTS: readonly ReceiverFormat[] = ["wecom", "dingtalk", "feishu", "slack"];
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();

const FAULTS: readonly Fault[] = [
  { name: "HTTP 500", answer: { status: 500 }, outcome: "taken", attempts: 2 },
  {
    name: "HTTP 429 with seconds",
    answer: { status: 429, headers: { "retry-after": "7" } },
    outcome: "taken",
    attempts: 2,
    waitMs: 7_000,
  },
  {
    name: "HTTP 429 with a date",
    answer: { status: 429, headers: { "retry-after": inSeconds(20) } },
    outcome: "taken",
    attempts: 2,
    waitMs: 5_000,
  },
  {
    name: "HTTP 429 with a date too far away",
    answer: { status: 429, headers: { "retry-after": inSeconds(300) } },
    outcome: "quarantined",
    attempts: 1,
    code: "HTTP_429",
  },
  { name: "a reset", answer: undefined, outcome: "taken", attempts: 2 },
  { name: "no answer", answer: { afterMs: 1_000 }, outcome: "taken", attempts: 2 },
  {
    name: "half an answer",
    answer: { body: '{"errcode":', headers: { "content-length": "99", connection: "close" } },
    outcome: "taken",
    attempts: 2,
    formats: BOTS,
  },
  {
    name: "an answer that does not end",
    answer: { body: '{"code', headers: { "content-length": "99" }, stalls: true },
    outcome: "taken",
    attempts: 2,
    formats: BOTS,
  },
  {
    name: "a page with HTTP 200",
    answer: { body: "<html><body>sign in", headers: { "content-type": "text/html" } },
    outcome: "taken",
    attempts: 2,
  },
  { name: "an empty answer", answer: { body: "" }, outcome: "taken", attempts: 2, formats: BOTS },
  { name: "HTTP 404", answer: { status: 404 }, outcome: "quarantined", attempts: 1, code: "HTTP_404" },
  {
    name: "HTTP 200 with an error inside",
    answer: { body: '{"errcode":93000,"errmsg":"invalid webhook url"}' },
    outcome: "quarantined",
    attempts: 1,
    code: "93000",
    formats: ["wecom", "dingtalk"],
  },
  {
    name: "HTTP 200 with Feishu's error inside",
    answer: { body: '{"code":19024,"msg":"Key Words Not Found"}' },
    outcome: "quarantined",
    attempts: 1,
    code: "19024",
    formats: ["feishu"],
  },
  {
    name: "HTTP 200 with Slack's error inside",
    answer: { body: "channel_is_archived" },
    outcome: "quarantined",
    attempts: 1,
    code: "channel_is_archived",
    formats: ["slack"],
  },
  {
    name: "HTTP 200 with too many inside",
    answer: { body: '{"errcode":45009,"errmsg":"api freq out of limit"}' },
    outcome: "quarantined",
    attempts: 1,
    code: "45009",
    formats: ["wecom"],
  },
];

const CASES = FAULTS.flatMap((fault) => (fault.formats ?? FORMATS).map((format) => ({ ...fault, format })));

it.each(CASES)("$format, $name: $outcome", async ({ answer, format, outcome, attempts, code, waitMs = 0 }) => {
  const hook = await hookOf(format);
  hook.answer = (_, index) => (index === 0 ? answer : TAKEN[format]);
  const clock = new StillClock();
  const { sender, objects } = senderOf({ oncall: hook }, { format }, { clock });
  const [result] = await sender.send(alertOf());
  expect(result).toEqual<AlertOutcome>({
    receiver: "oncall",
    outcome,
    attempts,
    ms: expect.any(Number) as number,
    ...(code !== undefined && { code }),
  });
  expect(result.ms).toBeGreaterThanOrEqual(waitMs);
  expect(hook.requests).toHaveLength(attempts);
  expect(objects.texts.size).toBe(outcome === "taken" ? 0 : 1);
});

it("sends less where a service says that it is too long all the same", async () => {
  const hook = await hookOf("wecom");
  hook.answer = ({ body }) =>
    body.length > 1_500
      ? { body: '{"errcode":40058,"errmsg":"markdown.content exceed max length 1500"}' }
      : TAKEN.wecom;
  const { sender } = senderOf({ oncall: hook }, { format: "wecom" });
  const sample = { at: 0, fields: [["message", "x".repeat(50_000)]] as [string, string][], around: [] };
  expect(await sender.send(alertOf({ sample }))).toMatchObject([{ outcome: "taken", attempts: 1 }]);
  expect(hook.requests.map(({ body }) => body.length > 1_500)).toEqual([true, true, false]);
});
