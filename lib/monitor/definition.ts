import { pathText, readDefinition, type DefinitionProblem, type MonitorFile } from "../../monitor";
import type { Checks } from "../errors";
import { isToken, resolved, type Construct } from "../framework";
import type { LogMonitorProps } from "./props";
import { namesOf, type AlertReceiver } from "./receiver";
import { topicIdOf, type NamedSource } from "./source";

/** Where the state is stored. */
export interface StatePlace {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
}

/** The definition for a monitor's functions and commands. */
export interface MonitorDefinition {
  /** In the form that people write, with tokens for values that only the plan knows. */
  readonly written: object;
  readonly file: MonitorFile;
  /** Warnings about what is hardly intended, by the names of props. */
  readonly warnings: readonly string[];
}

/** Variable that contains a receiver's address or key. */
export function secretName(receiver: string, what: "url" | "signature"): string {
  return `${receiver}_${what}`;
}

/** All receivers of a monitor by name. */
export function receiversOf({ alert, heartbeat }: LogMonitorProps): Map<AlertReceiver, string> {
  const routes = [alert, ...(alert.also ?? [])];
  const told = routes.flatMap(({ to, fallback }) => [...(to === undefined ? [] : [to].flat()), fallback]);
  return namesOf([...told, heartbeat?.to].filter((each) => each !== undefined) as AlertReceiver[]);
}

/** Builds the definition from the props and checks it. Problems go to `checks`, under the names of the props. */
export function definitionOf(
  checks: Checks,
  name: string,
  props: LogMonitorProps,
  sources: readonly NamedSource[],
  place: {
    readonly state: StatePlace;
    readonly records: { readonly topic: string; readonly region: string };
    /** Maximum time until a record is delivered, in seconds. */
    readonly waitSeconds: number;
  },
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
      sources.map((source) => {
        const { name, topic, region, labels: own, form, query, isFar } = source;
        const logset = isFar ? undefined : topic.logsetId;
        return [name, { region, topic: topicIdOf(source), logset, labels: own, form, query }];
      }),
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
  const { file, problems, warnings } = readDefinition(written, {
    isUnresolved: isToken,
    deliveryWaitMs: place.waitSeconds * 1000,
  });
  for (const problem of problems) checks.that(false, "LOGS_MONITOR", () => messageOf(problem, sources));
  return file && { written, file, warnings: warnings.map((problem) => messageOf(problem, sources)) };
}

function variableOf(receiver: string, what: "url" | "signature"): string {
  return `LOGS_SECRET_${secretName(receiver, what)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "_")}`;
}

/** A problem with the prop's name: `match.status`, where a file would have `monitors[0].match.status`. */
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

/** Leaves out undefined values; patterns stay unchanged. */
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

/** The file without the values that are in the settings, so that the code is the same in all regions. */
export function withoutPlaces({ sources, ...file }: MonitorFile): MonitorFile {
  const entries = Object.entries(sources).map(([name, { form, labels }]) => [
    name,
    { form, labels, topic: "", region: "" },
  ]);
  return { ...file, sources: Object.fromEntries(entries), state: { type: "memory" }, records: undefined };
}

/** The definition as a file, with references for values that only the plan knows. */
export function definitionText(scope: Construct, written: object): Uint8Array {
  const json = asJson(written, (token) => resolved(scope, token));
  return Buffer.from(`${JSON.stringify(json, null, 2)}\n`);
}

/**
 * A definition in the form of JSON, with patterns as strings. @param known replaces a token of a value that only the
 * plan knows
 */
export function asJson(value: unknown, known: (token: unknown) => unknown = (token) => token): unknown {
  if (value instanceof RegExp) return { pattern: value.source, flags: value.flags };
  if (isToken(value)) return known(value);
  if (Array.isArray(value)) return value.map((item) => asJson(item, known));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asJson(member, known)]));
}
