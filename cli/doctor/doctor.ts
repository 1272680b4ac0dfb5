import { type Console, oneLine } from "../../terminal/console";
import { readArguments } from "../../terminal/flags";
import { interruptible } from "../../terminal/interrupt";
import { UsageError } from "../../terminal/user-error";
import { readUserCredentials } from "../credentials";
import { lookAtAccount, lookAtKeys } from "./account";
import { Cloud } from "./cloud";
import { Check, type Section } from "./finding";
import { lookAtMachine } from "./machine";
import { readPlans, type StackPlan } from "./plan";
import { probe } from "./probe";
import { lookAtStack } from "./stack";

const USAGE = `Usage: tencent-logs doctor [STACK] [--out FOLDER] [--region REGION] [--json]
       tencent-logs doctor --account [--yes ID]... [--list] [--region REGION] [--json]

Checks this machine, the keys, the clock, CLS, and the account's roles and quotas. Then it checks, for STACK or for each
synthesized stack, whether the topics, shippers, functions, triggers and deliveries exist and work. It only reads. A check
that the key has no permission for counts as failed, and names the missing action.

  --out FOLDER     output folder of cdktf synth (default: cdktf.out)
  --region REGION  region to check (default: the stack's, else TENCENTCLOUD_REGION, else ap-guangzhou)
  --json           writes one finding per line, as JSON

With --account it runs experiments, called probes, in a real account, to answer what Tencent Cloud's documentation leaves
open. Each probe shows what it creates and costs, asks first, and deletes what it created. The results are a Markdown table.

  --account        runs probes
  --yes ID         runs this probe without asking, and no probe that is not named; repeat it
  --list           lists the probes, and runs none

Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_SECURITY_TOKEN.
Exits with 0 if all is well, 1 if something is wrong or could not be checked, 2 if the command line is not valid.

Examples:
  tencent-logs doctor                                        # this machine, the account, and every stack in cdktf.out
  tencent-logs doctor logs --json | jq 'select(.verdict != "ok")'
  tencent-logs doctor --account --region ap-guangzhou        # asks before each probe
  tencent-logs doctor --account --yes pull-lag --yes claim-race
`;

const FLAGS = {
  help: { type: "boolean", short: "h" },
  out: { type: "string", default: "cdktf.out" },
  region: { type: "string" },
  json: { type: "boolean", default: false },
  account: { type: "boolean", default: false },
  yes: { type: "string", multiple: true, default: [] as string[] },
  list: { type: "boolean", default: false },
} as const;

const REGION = /^[a-z]{2,4}(-[a-z0-9]+)+$/;

/** Region of requests if neither a stack nor a variable specifies one: roles are the same in every region. */
const DEFAULT_REGION = "ap-guangzhou";

/** `tencent-logs doctor`. Returns the exit status. */
export async function doctor(args: readonly string[], console: Console): Promise<number> {
  const { values, positionals } = readArguments(args, FLAGS);
  if (values.help) {
    console.stdout.write(USAGE);
    return 0;
  }
  const [stack, ...more] = positionals;
  if (more.length > 0 || (values.account && stack !== undefined)) {
    const rule = values.account ? "STACK must be left out with --account" : "at most one STACK must be given";
    throw new UsageError(`${rule}, got ${positionals.join(" ")}; see --help`);
  }
  if (!values.account && (values.list || values.yes.length > 0)) {
    throw new UsageError(`--account must be given with ${values.list ? "--list" : "--yes"}, got nothing; see --help`);
  }
  const given = values.region ?? (process.env.TENCENTCLOUD_REGION || undefined);
  if (given !== undefined && !REGION.test(given)) {
    throw new UsageError(`--region must be a region, such as ap-guangzhou, got ${JSON.stringify(given)}; see --help`);
  }
  if (values.account) return probe({ ...values, region: given }, console);
  return interruptible((signal) =>
    examine({ stack, out: values.out, region: given, json: values.json, signal }, console),
  );
}

interface Examination {
  readonly stack: string | undefined;
  readonly out: string;
  readonly region: string | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** Runs the checks in order, and prints each result as soon as it is known. */
async function examine({ stack, out, region, json, signal }: Examination, console: Console): Promise<number> {
  const tell = (section: Section): boolean => {
    console.stdout.write(json ? linesOf(section) : textOf(section));
    return section.findings.every(({ verdict }) => verdict === "ok");
  };
  // A missing stack is reported before any request.
  const planned = readPlans(stack, out, undefined);
  const isMachineWell = tell(await lookAtMachine(process.cwd(), process.env));
  const noKeys = lookAtKeys(process.env);
  if (noKeys) {
    tell({ title: "the account", findings: [noKeys, ...notAsked(planned, "without keys")] });
    return 1;
  }
  const cloud = new Cloud(
    region ?? planned.flatMap((plan) => plan.regions)[0] ?? DEFAULT_REGION,
    readUserCredentials,
    signal,
  );
  try {
    const account = await lookAtAccount(cloud, process.env);
    const isAccountWell = tell(account);
    if (!account.isOpen) {
      const findings = notAsked(planned, "with these keys and this clock");
      if (findings.length > 0) tell({ title: "stacks", findings });
      return 1;
    }
    let areStacksWell = true;
    for (const plan of readPlans(stack, out, account.appId))
      areStacksWell = tell(await lookAtStack(plan, cloud)) && areStacksWell;
    return isMachineWell && isAccountWell && areStacksWell ? 0 : 1;
  } finally {
    cloud.close();
  }
}

function notAsked(plans: readonly StackPlan[], why: string) {
  const check = new Check("stack");
  return plans.map(({ name }) => check.unknown(`stack ${name}`, `cannot be checked ${why}`, "see above"));
}

const WORDS = { ok: "ok", wrong: "WRONG", unknown: "UNKNOWN" } as const;

/** A section for people: a line for each finding, with its remedy below. */
function textOf({ title, findings }: Section): string {
  const lines = findings.map(({ verdict, what, seen, remedy }) => {
    const line = `  ${WORDS[verdict].padEnd(7)}  ${oneLine(what)}: ${oneLine(seen)}\n`;
    return remedy === undefined ? line : `${line}           ${oneLine(remedy)}\n`;
  });
  return `${title}\n${lines.join("")}`;
}

function linesOf({ title, findings }: Section): string {
  return findings.map((finding) => `${JSON.stringify({ section: title, ...finding })}\n`).join("");
}
