import { randomBytes } from "node:crypto";
import { suggestion } from "../../rules/check/similar";
import { type Console, oneLine } from "../../terminal/console";
import { interruptible } from "../../terminal/interrupt";
import { layOut } from "../../terminal/table";
import { UsageError } from "../../terminal/user-error";
import { readUserCredentials } from "../credentials";
import { Cloud } from "./cloud";
import { MACHINE, type ProbeRun } from "./probes/account";
import { PROBES } from "./probes";
import type { Probe } from "./probes/probe";
import { runProbe, type Outcome } from "./probes/run";
import { Questions } from "./questions";

/** Flags of `doctor --account`. */
export interface ProbeFlags {
  readonly yes: readonly string[];
  readonly list: boolean;
  readonly json: boolean;
  readonly region: string | undefined;
}

/** Runs probes in a real account, and prints the results. Returns the exit status. */
export async function probe({ yes, list, json, region }: ProbeFlags, console: Console): Promise<number> {
  const named = yes.map(probeNamed);
  if (list) {
    console.stdout.write(listOf(PROBES));
    return 0;
  }
  if (region === undefined) throw new UsageError("--region must be given, or TENCENTCLOUD_REGION set, got neither");
  const { stdin } = console;
  if (named.length === 0 && !stdin?.isTTY) {
    throw new UsageError("--yes ID must name the probes if there is no terminal to ask, got nothing; see --list");
  }
  readUserCredentials();
  const questions = named.length === 0 && stdin ? new Questions(stdin, console.stderr) : undefined;
  const outcomes: Outcome[] = [];
  try {
    return await interruptible(async (signal) => {
      const run = await runIn(region, signal);
      for (const each of named.length > 0 ? named : PROBES) {
        const answer = questions ? await isWanted(each, questions, signal) : "yes";
        if (answer === "quit") break;
        if (answer === "no") continue;
        console.stderr.write(`running ${each.id}, about ${each.seconds} s\n`);
        outcomes.push(await runProbe(each, run));
        // The reason that ended this probe ends all.
        signal.throwIfAborted();
      }
      return outcomes.every(({ failure, leftovers }) => failure === undefined && leftovers.length === 0) ? 0 : 1;
    });
  } finally {
    questions?.close();
    tell(outcomes, { json, region }, console);
  }
}

function probeNamed(id: string): Probe {
  const found = PROBES.find((each) => each.id === id);
  if (found) return found;
  const ids = PROBES.map((each) => each.id);
  throw new UsageError(
    `--yes must be the id of a probe, got ${id}${suggestion(id, ids) || `; there are ${ids.join(", ")}`}`,
  );
}

async function runIn(region: string, signal: AbortSignal): Promise<ProbeRun> {
  const cloud = new Cloud(region, readUserCredentials, signal);
  try {
    const { AppId } = await cloud.ask("cam:GetUserAppId");
    const id = randomBytes(3).toString("hex");
    return { region, appId: String(AppId), credentials: () => readUserCredentials(), signal, id, stopwatch: MACHINE };
  } finally {
    cloud.close();
  }
}

async function isWanted(each: Probe, questions: Questions, signal: AbortSignal): Promise<"yes" | "no" | "quit"> {
  const { id, question, stated, makes, cents, seconds } = each;
  const text = `\n${id}: ${question}\n  stated: ${stated}\n  creates: ${makes}\n  costs: ${costOf(cents)}, takes about ${seconds} s\nRun it? [y/N/q] `;
  const answer = (await questions.ask(text, signal))?.toLowerCase();
  if (answer === undefined || answer === "q") return "quit";
  return answer === "y" || answer === "yes" ? "yes" : "no";
}

function costOf(cents: number): string {
  return cents === 0 ? "nothing" : `at most ${cents} US cents`;
}

function listOf(probes: readonly Probe[]): string {
  const rows = probes.map(({ id, seconds, cents, question }) => [id, String(seconds), String(cents), question]);
  return layOut([["ID", "SECONDS", "CENTS", "QUESTION"], ...rows], [1, 2]);
}

function tell(
  outcomes: readonly Outcome[],
  { json, region }: { json: boolean; region: string },
  console: Console,
): void {
  if (outcomes.length === 0) return;
  if (json) {
    for (const outcome of outcomes) console.stdout.write(`${JSON.stringify({ region, ...outcome })}\n`);
  } else {
    console.stdout.write(tableOf(outcomes, region, new Date()));
  }
  for (const { leftovers } of outcomes) {
    for (const { what, why } of leftovers)
      console.stderr.write(oneLine(`left over: ${what}: ${why}; delete it`) + "\n");
  }
}

/** A table for the fact sheets. */
export function tableOf(outcomes: readonly Outcome[], region: string, at: Date): string {
  const rows = outcomes.map(({ id, question, stated, observed, failure }) => {
    const seen = observed ?? `not observed: ${failure ?? ""}`;
    return `| \`${id}\`: ${cell(question)} | ${cell(stated)} | ${cell(seen)} |\n`;
  });
  const title = `Observed in ${region} on ${at.toISOString().slice(0, 10)} by \`tencent-logs doctor --account\`:\n\n`;
  return `${title}| question | stated | observed |\n| --- | --- | --- |\n${rows.join("")}`;
}

/** Text for a table cell, whatever characters a service has sent. */
function cell(text: string): string {
  return oneLine(text).replace(/[|\\`<>]/g, "\\$&");
}
