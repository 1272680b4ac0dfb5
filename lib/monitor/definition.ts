import { pathText, readDefinition, type DefinitionProblem, type MonitorFile } from "../../monitor";
import type { Checks } from "../errors";
import { Construct, isToken } from "../framework";
import type { LogMonitorProps, MonitorSource } from "./props";
import { namesOf, type AlertReceiver } from "./receiver";

/** A watched topic with its name and its region. */
export interface NamedSource extends MonitorSource {
  readonly name: string;
  readonly region: string;
}

/** Where what is remembered lies. */
export interface StatePlace {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
}

/** What a monitor's functions and commands are told. */
export interface MonitorDefinition {
  /** As people write it, with what only the plan knows as tokens. */
  readonly written: object;
  readonly file: MonitorFile;
}

/** Variable that holds a receiver's address, or its key. */
export function secretName(receiver: string, what: "url" | "signature"): string {
  return `${receiver}_${what}`;
}

/** All receivers of a monitor by their names. */
export function receiversOf({ alert, heartbeat }: LogMonitorProps): Map<AlertReceiver, string> {
  const routes = [alert, ...(alert.also ?? [])];
  const told = routes.flatMap(({ to, fallback }) => [...(to === undefined ? [] : [to].flat()), fallback]);
  return namesOf([...told, heartbeat?.to].filter((each) => each !== undefined) as AlertReceiver[]);
}

/** Names of sources: their own, else those of the topics' constructs, with a number where another has it. */
export function sourceNames(sources: readonly MonitorSource[]): string[] {
  const taken = new Set(sources.map(({ name }) => name));
  return sources.map(({ name, topic }) => {
    if (name !== undefined) return name;
    const id = Construct.isConstruct(topic) ? topic.node.id.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 60) : "source";
    const base = /^[A-Za-z]/.test(id) ? id : "source";
    let free = base;
    for (let number = 2; taken.has(free); number++) free = `${base}${number}`;
    taken.add(free);
    return free;
  });
}

/** The definition that props make, checked: what is wrong with it is said in `checks`, by the props' names. */
export function definitionOf(
  checks: Checks,
  name: string,
  props: LogMonitorProps,
  sources: readonly NamedSource[],
  place: { readonly state: StatePlace; readonly records: { readonly topic: string; readonly region: string } },
): MonitorDefinition | undefined {
  const receivers = receiversOf(props);
  const nameOf = (receiver: AlertReceiver): string => receivers.get(receiver) as string;
  const toNames = (to: AlertReceiver | readonly AlertReceiver[]): string[] =>
    [to].flat().map((each) => nameOf(each as AlertReceiver));
  const { alert, heartbeat, rules } = props;
  const { group, labels, match, maxGroups, missing, mute, quiet, sample, threshold, window } = props;
  const routeOf = ({ to, fallback, ...others }: NonNullable<typeof alert.also>[number]) => ({
    ...others,
    to: toNames(to),
    fallback: fallback && nameOf(fallback),
  });
  const written = withoutUndefined({
    monitors: [
      {
        name,
        ...{ match, rules: rules?.text, group, window, maxGroups, threshold, missing, labels, quiet, mute, sample },
        alert: {
          to: alert.to && toNames(alert.to),
          severity: alert.severity,
          also: alert.also?.map(routeOf),
          fallback: alert.fallback && nameOf(alert.fallback),
        },
      },
    ],
    sources: Object.fromEntries(
      sources.map(({ name: source, topic, region, labels: own, form }) => [
        source,
        { region, topic: topic.topicId, logset: topic.logsetId, labels: own, form },
      ]),
    ),
    receivers: Object.fromEntries(
      [...receivers].map(([{ format, props: given }, receiver]) => [
        receiver,
        {
          format,
          url: { env: variableOf(receiver, "url") },
          signatureKey: given.signatureKey === undefined ? undefined : { env: variableOf(receiver, "signature") },
          maxPerMinute: given.maxPerMinute,
        },
      ]),
    ),
    state: place.state,
    records: place.records,
    display: props.display,
    heartbeat: heartbeat && { to: nameOf(heartbeat.to), every: heartbeat.every },
  }) as object;
  const { file, problems } = readDefinition(written, { isUnresolved: isToken });
  for (const problem of problems) checks.that(false, "LOGS_MONITOR", () => messageOf(problem, sources));
  return file && { written, file };
}

function variableOf(receiver: string, what: "url" | "signature"): string {
  return `LOGS_SECRET_${secretName(receiver, what)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "_")}`;
}

/** A problem by the prop's name: `match.status`, where a file would have `monitors[0].match.status`. */
function messageOf({ path, rule, got, remedy }: DefinitionProblem, sources: readonly NamedSource[]): string {
  const prop = propOf(path, sources);
  return `${prop.length === 0 ? "props" : pathText(prop)} ${rule}, got ${got}; ${remedy}`;
}

function propOf([first, second, ...others]: DefinitionProblem["path"], sources: readonly NamedSource[]) {
  if (first === "monitors") return others[0] === "name" ? ["monitorName"] : others;
  if (second === undefined) return first === undefined ? [] : [first];
  if (first !== "sources") return [first, second, ...others];
  return [first, sources.findIndex(({ name }) => name === second), ...others];
}

/** What is left out stands nowhere in JSON; patterns stay what they are. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return isToken(value) ? value : value.map(withoutUndefined);
  if (
    typeof value !== "object" ||
    value === null ||
    isToken(value) ||
    Object.getPrototypeOf(value) !== Object.prototype
  ) {
    return value;
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutUndefined(member)]));
}
