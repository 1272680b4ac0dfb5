import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalCloud } from "../../../local/cloud";
import { exampleCalls, findExample, type Call } from "../../../cli/local/example";
import { perform, Tail } from "../../../cli/local/live";
import type { Deployed, Revision, StackTest } from "../revision";

const NAME = "live-log";
const COMMAND = join(__dirname, "../../../dist/cli/main.js");

/** How long a line may take from a function to the terminal, on a busy machine. */
const LONGEST_MS = 20_000;

/** Its functions are called while somebody tails them; the plans that follow see the flags that a tail leaves. */
export const USE_OF_LIVE_LOG: StackTest["use"] = {
  step: "lines of both functions are shown as they are written",
  run: async ({ cloud }) => {
    await expectShown(cloud, orderOf(1), /^orders .*order 1 accepted/m);
    await expectShown(cloud, { function: "payments", event: { order: 1, card: "fine" } }, /^payments .*order 1 paid/m);
  },
};

/** The user's code in both languages, who may call the URL, and a function that nobody watches any more. */
export const LIVE_LOG: readonly Revision[] = [
  {
    name: "change of the user's TypeScript",
    make: (release) => release.edit(NAME, [["accepted, ${accepted}", "taken, ${accepted}"]], "orders.js"),
    plan: ["update tencentcloud_scf_function(zip_file)"],
    check: ({ cloud }) => expectShown(cloud, orderOf(2), /^orders .*order 2 taken/m),
  },
  {
    name: "change of the user's Python",
    make: (release) => release.edit(NAME, [['"order %s paid"', '"order %s settled"']], "payments/index.py"),
    plan: ["update tencentcloud_scf_function(zip_file)"],
    check: ({ cloud }) =>
      expectShown(cloud, { function: "payments", event: { order: 3, card: "fine" } }, /^payments .*order 3 settled/m),
  },
  {
    name: "a URL that asks for a signature",
    make: (release) => release.edit(NAME, [['auth: "none"', 'auth: "cam"']]),
    plan: ["update tencentcloud_scf_trigger(trigger_desc)"],
    check: expectSignatureWanted,
  },
];

/** What the example itself calls it with, under another number. */
function orderOf(id: number): Call {
  const [order] = exampleCalls(findExample(NAME)) ?? [];
  if (order === undefined) throw new Error(`${NAME} must come with calls, got none`);
  return { ...order, event: { id, items: ["tea"] } };
}

/** Calls a function while it is tailed, and waits for a line of it. */
async function expectShown(cloud: LocalCloud, call: Call, line: RegExp): Promise<void> {
  let shown = "";
  const { signal } = new AbortController();
  const quiet = { stdout: { write: (text: string) => (shown += text) }, stderr: { write: () => undefined } };
  const tail = new Tail(COMMAND, cloud, [call.function], quiet);
  try {
    await tail.watching(signal);
    await perform(cloud, call);
    for (let waited = 0; !line.test(shown); waited += 100) {
      if (waited > LONGEST_MS) throw new Error(`a tail must show ${line.source}, got\n${shown}`);
      await sleep(100);
    }
    await tail.end();
  } finally {
    tail.kill();
  }
}

async function expectSignatureWanted({ cloud }: Deployed): Promise<void> {
  const { status } = await fetch(cloud.functionUrls.orders ?? "");
  if (status !== 401) throw new Error(`the URL must ask for a signature, got status ${status}`);
}
