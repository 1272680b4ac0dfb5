import { emptyCounts } from "../../functions/parser/counts";
import { parse } from "../../functions/parser/parse";
import type { Fields, FieldValue, LogRecord } from "../../functions/records/contracts";
import { rulePartsIn } from "../../functions/runtime/loader";
import { type ContentSettings, DEFAULT_MAX_LINE_BYTES, defaultOutputOf } from "../../functions/settings";
import { partsFolder } from "../../lib/packaging/built-files";
import { type Event, type Rules, RulesError, TopicEvent } from "../../rules";
import { UserError } from "../../terminal/user-error";
import { settingsOf, zipOf } from "../graph/functions";
import type { Graph } from "../graph/graph";
import { recordOf, type Resource, type Stack } from "../graph/plan";
import { readyRules } from "../rules/rules-file";
import type { TrialReport, TrialStep } from "./items";

/** Maximum records of a text that are processed; a page is not for files. */
const MAX_RECORDS = 20;

/**
 * Processes a line as functions of a stack would: the parser, the rules statement by statement, the outputs. Nothing is
 * sent. A function's own code is not run here.
 */
export class Trials {
  readonly #functions: ReadonlyMap<string, Resource>;
  readonly #graph: Graph;
  /** By function; loaded once, because newly synthesized stacks have new trials. */
  readonly #rules = new Map<string, Promise<Rules>>();

  constructor(stacks: readonly Stack[], graph: Graph) {
    this.#graph = graph;
    const all = stacks.flatMap(({ resources }) => resources);
    const own = all.filter(
      (one) => one.type === "tencentcloud_scf_function" && settingsOf(one).processor !== undefined,
    );
    this.#functions = new Map(own.map((one) => [one.key, one]));
  }

  get list(): { readonly id: string; readonly title: string }[] {
    return [...this.#functions.keys()].map((id) => ({ id, title: this.#titleOf(id) }));
  }

  /** @throws UserError if the function does not exist, or its code cannot be read */
  async run(id: unknown, text: unknown): Promise<TrialReport> {
    const one = this.#functions.get(String(id));
    if (!one) throw new UserError(`function must be one of the stack, got ${JSON.stringify(id)}`);
    if (typeof text !== "string" || text.trim() === "") throw new UserError("text must be a log line, got nothing");
    const settings = settingsOf(one);
    const { records, steps } = await readText(text, settings);
    for (const record of records.slice(0, MAX_RECORDS)) steps.push(...(await this.#process(id as string, record)));
    if (records.length > MAX_RECORDS) {
      const title = `${records.length - MAX_RECORDS} more records are not shown`;
      steps.push({ stage: "parser", title, changes: [] });
    }
    return { steps };
  }

  async #process(id: string, record: LogRecord): Promise<TrialStep[]> {
    const one = this.#functions.get(id) as Resource;
    const { type } = recordOf(settingsOf(one).processor);
    if (type === "rules") return this.#explain(id, one, record);
    const code: TrialStep = {
      stage: "code",
      title: "Your own code is not run here",
      changes: [],
      remark: "to see its result, send the line into the topic or call the function",
    };
    return type === "code" ? [code] : [this.#outputStep(id, undefined, record.fields)];
  }

  async #explain(id: string, one: Resource, record: LogRecord): Promise<TrialStep[]> {
    const rules = await this.#rulesOf(id, one);
    const steps: TrialStep[] = [];
    let before: readonly Fields[] = [{ ...record.fields }];
    for (const { line, text, events, emitted, failure } of rules.explain(new TopicEvent({ ...record.fields }))) {
      const after = events.map(plainFields);
      const title = failure ?? told(before, after, emitted.length);
      const changes = failure === undefined ? changesOf(before, after) : [];
      steps.push({ stage: "rules", title, line, code: text, changes, isFailure: failure !== undefined });
      if (failure !== undefined) return [...steps, this.#failedStep(id)];
      for (const { output, event } of emitted)
        steps.push(this.#outputStep(id, output ?? undefined, plainFields(event)));
      before = after;
    }
    return [...steps, ...before.map((fields) => this.#outputStep(id, undefined, fields))];
  }

  #rulesOf(id: string, one: Resource): Promise<Rules> {
    const file = zipOf(one)?.["rules.sls"];
    if (!file) throw new UserError(`${this.#titleOf(id)} must have its rule text in its zip; synthesize again`);
    const { processor, outputs } = settingsOf(one);
    const regexEngine = recordOf(processor).regexEngine === "backtracking" ? "backtracking" : "linear";
    const options = {
      parts: rulePartsIn(partsFolder()),
      outputs: Object.keys(recordOf(outputs)),
      regexEngine,
    } as const;
    const ready = this.#rules.get(id) ?? readyRules(Buffer.from(file).toString("utf8"), options);
    this.#rules.set(id, ready);
    return ready.catch((error: unknown) => {
      throw error instanceof RulesError ? new UserError(`rules.sls: ${error.message}`) : error;
    });
  }

  /** @param name undefined for the default output */
  #outputStep(id: string, name: string | undefined, fields: Readonly<Fields>): TrialStep {
    const { outputs, defaultOutput } = settingsOf(this.#functions.get(id) as Resource);
    const known = recordOf(outputs);
    const output = name ?? defaultOutputOf(known, typeof defaultOutput === "string" ? defaultOutput : undefined);
    const changes = Object.entries(fields).map(([field, value]) => ({
      sign: " " as const,
      name: field,
      value: valueText(value),
    }));
    if (output === undefined || !Object.hasOwn(known, output)) {
      const title =
        name === undefined ? "Counted, not sent: there is no output" : `Not sent: there is no output ${name}`;
      return { stage: "output", title, changes };
    }
    return { stage: "output", title: `${output}${this.#targetOf(id, output)}`, changes };
  }

  #failedStep(id: string): TrialStep {
    const { outputs, processor } = settingsOf(this.#functions.get(id) as Resource);
    if (Object.hasOwn(recordOf(outputs), "invalid")) {
      return {
        stage: "output",
        title: `invalid${this.#targetOf(id, "invalid")}`,
        changes: [],
        remark: "as it was read",
      };
    }
    const isKept = recordOf(processor).onError === "keep";
    const title = isKept ? "Sent to the default output, with the reason as a field" : "Dropped, counted as failed";
    return { stage: "output", title, changes: [] };
  }

  /** The target of an output, from the graph. */
  #targetOf(id: string, output: string): string {
    const edge = this.#graph.edges.find(
      ({ from, kind, label }) => from === id && kind === "writes" && label.split(", ").includes(output),
    );
    const node = this.#graph.nodes.find((one) => one.id === edge?.to);
    return node ? `: ${node.kind === "prefix" ? `${node.name}/` : ""}${node.title}` : "";
  }

  #titleOf(id: string): string {
    return this.#graph.nodes.find((node) => node.id === id)?.title ?? id;
  }
}

/** Parses a text according to the function's settings. */
async function readText(
  text: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<{ records: LogRecord[]; steps: TrialStep[] }> {
  const content = settings.content as ContentSettings | undefined;
  const maxLineBytes = Number(settings.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES);
  const records: LogRecord[] = [];
  const steps: TrialStep[] = [];
  const isCsv = content?.type === "csv" && content.header === true;
  const remark = isCsv ? "the first line is the header" : undefined;
  try {
    const bytes = [Buffer.from(`${text}\n`)];
    for await (const batch of parse(bytes, { object: "here", check: "json", maxLineBytes, content }, emptyCounts())) {
      records.push(...batch.records);
      for (const { reason, place } of batch.invalid) steps.push(invalidStep(reason, place.line));
    }
  } catch (error) {
    // If none of a few lines is a record, the error is shown for each of them.
    if (steps.length === 0) steps.push(invalidStep((error as Error).message));
  }
  for (const record of records.slice(0, MAX_RECORDS)) {
    const changes = Object.entries(record.fields).map(([name, value]) => ({
      sign: " " as const,
      name,
      value: valueText(value),
    }));
    steps.push({ stage: "parser", title: `Record at line ${record.place.line}`, changes, remark });
  }
  return { records, steps };
}

function invalidStep(reason: string, line?: number): TrialStep {
  const title = `${line === undefined ? "" : `Line ${line} is invalid: `}${reason}`;
  const remark = "invalid lines are counted, and sent to the output invalid if there is one";
  return { stage: "parser", title, changes: [], isFailure: true, remark };
}

function told(before: readonly Fields[], after: readonly Fields[], sent: number): string {
  if (after.length === 0) return sent > 0 ? "Sent; processing of the event ends here" : "Dropped";
  if (after.length !== before.length) return `${after.length} events`;
  return changesOf(before, after).length === 0 && sent === 0
    ? "No change"
    : sent > 0
      ? "Sent; processing continues"
      : "Changed";
}

function changesOf(before: readonly Fields[], after: readonly Fields[]): TrialStep["changes"] {
  if (before.length !== after.length) return [];
  return after.flatMap((event, at) => {
    const old = before[at];
    const gone = Object.keys(old).filter((name) => !Object.hasOwn(event, name));
    const set = Object.keys(event).filter((name) => valueText(old[name]) !== valueText(event[name]));
    return [
      ...gone.map((name) => ({ sign: "-" as const, name, value: valueText(old[name]) })),
      ...set.map((name) => ({
        sign: Object.hasOwn(old, name) ? ("~" as const) : ("+" as const),
        name,
        value: valueText(event[name]),
      })),
    ];
  });
}

function plainFields(event: Event): Fields {
  return JSON.parse(JSON.stringify(event.fields)) as Fields;
}

function valueText(value: FieldValue | undefined): string {
  return value === undefined ? "" : JSON.stringify(value);
}
