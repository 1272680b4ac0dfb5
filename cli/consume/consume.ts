import { existsSync, readFileSync } from "node:fs";
import { LostPositionError, PlaintextError, Source } from "../../functions/consume";
import { unzip } from "../../lib/packaging/zip";
import type { Console } from "../../terminal/console";
import { matching, readArguments } from "../../terminal/flags";
import { UsageError, UserError } from "../../terminal/user-error";
import { readUserCredentials } from "../credentials";
import {
  type MemberTopics,
  openMember,
  type Reading,
  READING_FLAGS,
  READING_USAGE,
  readingOf,
} from "../operate/members";
import { Operated } from "../operate/process";
import { runSources } from "../operate/run-sources";
import { listeningOf, OPERATE_FLAGS } from "../operate/server";
import { untilTold } from "../operate/until-told";
import { readDefinitionFile } from "./definition";
import { Deployed } from "./deployed";
import { withoutMonitors } from "./monitors";
import { plannedPipeline } from "./plan";
import { Program, type ProgramSource } from "./program";
import { tellParentFinal, Workers, workersOf } from "./workers";

const USAGE = `Usage: tencent-logs consume STACK/PIPELINE [FLAGS]
       tencent-logs consume FILE [FLAGS]

Runs a stream pipeline in this process. It reads the pipeline's topic as a member of a consumer group and processes the
records as the pipeline's function does: processor or rules, outputs, quarantine, summaries. Processes of the same group
share the topic's partitions. A position is committed after its records are processed; a restart continues there.

  --workers auto|N        number of processes; auto: as many as CPUs, memory and partitions allow (default: 1)
${READING_USAGE}
  --listen HOST:PORT      address of /live, /ready and /metrics, or off (default: a free port of 127.0.0.1)
  --out FOLDER            output folder of cdktf synth (default: cdktf.out)
  --region REGION         region of the function and the topic (default: the stack's)
  --function NAME         name of the deployed function (default: the plan's)
  --topic ID              id of the topic (default: the plan's)
  --logset ID             id of its logset (default: looked up in CLS)
  --code ZIP              zip with the code (default: the plan's)

Variables of this process that begin with LOGS_, such as LOGS_SECRET_..., override those of the deployed function.
Keys come from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_SECURITY_TOKEN.
On SIGTERM, it finishes its current work, commits its position and leaves the group, within 10 s. Exits with 1 if it cannot
continue.

Examples:
  tencent-logs consume logs/Access --workers auto                 # as many processes as are useful
  tencent-logs consume logs/Access --from 24h --to now --group backfill-1   # the last day, then it exits
  tencent-logs consume access.yaml --kafka 10.0.0.4:9095          # defined by a file, in a VPC
`;

const FLAGS = {
  help: { type: "boolean", short: "h" },
  ...READING_FLAGS,
  ...OPERATE_FLAGS,
  workers: { type: "string", default: "1" },
  out: { type: "string", default: "cdktf.out" },
  region: { type: "string" },
  function: { type: "string" },
  topic: { type: "string" },
  logset: { type: "string" },
  code: { type: "string" },
} as const;

type Values = ReturnType<typeof readArguments<typeof FLAGS>>["values"];

/** Milliseconds for work in progress when the process is told to leave: everything must end within 10 s. */
const GRACE_MS = 6_000;

/** `tencent-logs consume`. Returns the exit status. */
export async function consume(args: readonly string[], console: Console): Promise<number> {
  const { values, positionals } = readArguments(args, FLAGS);
  if (values.help) {
    console.stdout.write(USAGE);
    return 0;
  }
  const [what, ...more] = positionals;
  if (what === undefined || more.length > 0) {
    throw new UsageError(
      `one STACK/PIPELINE or FILE must be given, got ${positionals.join(" ") || "nothing"}; see --help`,
    );
  }
  readUserCredentials();
  const task = /\.(ya?ml|json)$/.test(what) ? await fromFile(what) : await fromPlan(what, values);
  const reading = readingOf(values, task.group, () => readUserCredentials());
  const workers = workersOf(values.workers, task.partitions);
  const listening = listeningOf(values.listen);
  const sources: Source[] = [];
  const operated = new Operated(console, () => sources.map((source) => source.state()));
  const stopListening = await operated.listen(listening);
  try {
    for (const warning of task.warnings) operated.say(warning);
    return await untilTold((signal) => {
      if (workers === 1) return work(task, reading, { sources, operated, signal });
      operated.say(
        `starting ${workers} workers for ${task.partitions} ${task.partitions === 1 ? "partition" : "partitions"}`,
      );
      // All workers must use the same time for "now".
      const to = reading.until === undefined ? [] : ["--to", reading.until.toISOString()];
      return new Workers(["consume", ...args, ...to, "--workers", "1", "--listen", "off"], operated).run(
        workers,
        signal,
      );
    });
  } finally {
    stopListening();
    operated.close();
  }
}

/** What to run, and on what. */
interface Task {
  readonly group: string;
  readonly program: ProgramSource;
  readonly topics: readonly MemberTopics[];
  readonly partitions: number;
  readonly warnings: readonly string[];
}

async function fromPlan(path: string, values: Values): Promise<Task> {
  const planned = plannedPipeline(path, values.out);
  const region = values.region ?? planned.region ?? process.env.TENCENTCLOUD_REGION ?? "";
  matching("--region", region, /^[a-z]{2,4}(-[a-z0-9]+)+$/, "must be a region, such as ap-guangzhou");
  const functionName = values.function ?? planned.functionName;
  const zip = values.code ?? planned.zip;
  if (!existsSync(zip)) throw new UsageError(`--code must be a zip that exists, got ${zip}; synthesize again`);
  const deployed = new Deployed(region, () => readUserCredentials());
  try {
    const variables = await deployed.variables(functionName, planned.namespace);
    const [open] = Object.entries(planned.variables).filter(([, value]) => value.includes("${"));
    if (variables === undefined && open) {
      throw new UserError(
        `function ${functionName} must be deployed in ${region}, got none: only it has the values of ${open[0]}; deploy it, or give --function`,
      );
    }
    const topic = await deployed.topic(values.topic === undefined ? planned.topic : { id: values.topic });
    const all = { ...(variables ?? planned.variables), ...ownVariables() };
    const { monitors, variables: own } = withoutMonitors(all);
    return {
      group: `consume-${functionName}`,
      program: {
        files: unzip(readFileSync(zip)),
        handler: planned.handler,
        variables: own,
      },
      topics: [
        {
          region,
          logsetId: values.logset ?? topic.logsetId,
          topics: [{ name: topic.name, topicId: topic.topicId, region }],
        },
      ],
      partitions: topic.partitions,
      warnings: [
        ...(planned.isDelivered
          ? [`${path} is also delivered to ${functionName}, so both handle its records; set enabled: false and deploy`]
          : []),
        ...(monitors.length > 0
          ? [
              `${monitors.join(", ")}: monitors of the pipeline do not watch consumed records; use tencent-logs monitor run`,
            ]
          : []),
      ],
    };
  } finally {
    deployed.close();
  }
}

async function fromFile(file: string): Promise<Task> {
  const { group, sources, program } = readDefinitionFile(file);
  const byPlace = new Map<string, MemberTopics>();
  let partitions = 0;
  for (const { name, region, topicId, logsetId } of sources) {
    const deployed = new Deployed(region, () => readUserCredentials());
    // An unavailable region, or a missing topic, must not stop the others.
    const found = await deployed.topic({ id: topicId }).catch((error: unknown) => {
      if (logsetId === undefined) throw error;
      return { topicId, name, logsetId, partitions: 1 };
    });
    deployed.close();
    const logset = logsetId ?? found.logsetId;
    const key = `${region} ${logset}`;
    const topics = [...(byPlace.get(key)?.topics ?? []), { name, topicId, region }];
    byPlace.set(key, { region, logsetId: logset, topics });
    partitions += found.partitions;
  }
  const variables = { ...program.variables, ...ownVariables() };
  return { group, program: { ...program, variables }, topics: [...byPlace.values()], partitions, warnings: [] };
}

function ownVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => /^LOGS_/.test(entry[0])),
  );
}

interface Surroundings {
  readonly sources: Source[];
  readonly operated: Operated;
  readonly signal: AbortSignal;
}

/** Works until it is told to leave, or everything is read. */
async function work(task: Task, reading: Reading, { sources, operated, signal }: Surroundings): Promise<number> {
  const program = new Program(task.program, reading.credentials);
  // Like an instance of the function, which handles one event at a time: the user's code can depend on it.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const next = turn.then(run, run);
    turn = next.catch(() => undefined);
    return next;
  };
  const sourceOf = (topics: MemberTopics, leaving: AbortSignal): Source => {
    const what = topics.topics.map(({ name }) => name).join(", ");
    const known = new Map<string, number>();
    return new Source({
      open: () => openMember(topics, reading, (event) => operated.note(event, what), known),
      handle: async (batch) => {
        await inTurn(() => program.handle(batch));
      },
      tell: (event) => operated.note(event, what),
      signal: leaving,
      graceMs: GRACE_MS,
    });
  };
  try {
    await runSources(signal, (leaving) => {
      for (const topics of task.topics) sources.push(sourceOf(topics, leaving));
      return sources;
    });
    return 0;
  } catch (error) {
    const { cause, message } = error as Error;
    if (cause instanceof LostPositionError || cause instanceof PlaintextError) await tellParentFinal(message);
    throw error;
  } finally {
    program.close();
  }
}
