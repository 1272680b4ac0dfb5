import { Event } from "../rules/run/event";
import type { Argument, BoundCall, Implementations, Run } from "../rules/run/implementation";
import { fail } from "../rules/run/values";
import { PARAMETERS, readOptions, type TopicArguments } from "./cls/options";
import { TopicTable, type Selection } from "./cls/topic-table";

/** Arguments are evaluated before there is an event; none of them reads one. */
const NO_EVENT = new Event({});

export const implementations: Implementations = {
  res_log_logstore_pull: {
    thunk: (call) => {
      const given = PARAMETERS.map((name) => [name, call.argument(name)] as const);
      for (const [name, argument] of given) requireStable(call, name, argument);
      const options = (run: Run) => {
        const values = given.map(([name, argument]) => [name, argument.evaluate(NO_EVENT, run)]);
        return readOptions(Object.fromEntries(values) as TopicArguments, run.environment.TENCENTCLOUD_REGION);
      };
      checkConstants(given);
      const table = new TopicTable(options, selectionOf(call));
      call.resource(table);
      return () => table.value;
    },
  },
};

function selectionOf(call: BoundCall): Selection {
  const include = queryOf(call, "fetch_include_data") ?? (() => true);
  const exclude = queryOf(call, "fetch_exclude_data") ?? (() => false);
  return {
    includes: (event) => !exclude(event) && include(event),
    upserts: queryOf(call, "upsert_data") ?? (() => true),
    deletes: queryOf(call, "delete_data") ?? (() => false),
  };
}

/** A query of `e_search`; undefined if the call has none. */
function queryOf(call: BoundCall, name: string): ((event: Event) => boolean) | undefined {
  const text = call.constant(name);
  if (text === null || text === "") return undefined;
  return typeof text === "string" ? call.query(text) : fail(`${call.name} must get a query as ${name}`, name);
}

function requireStable({ name: callName }: BoundCall, name: string, argument: Argument): void {
  if (!argument.stable) {
    fail(`${callName} must get a ${name} that depends on no event, since it is read before the first one`, name);
  }
}

/** Errors in constants are reported when the text is checked; valid placeholders replace values from the environment. */
function checkConstants(given: readonly (readonly [string, Argument])[]): void {
  const known: Readonly<Record<string, string | string[]>> = {
    logstore: "topic",
    ak_id: "id",
    ak_secret: "key",
    fields: ["field"],
    max_retry_back_off: "0",
    fetch_interval: "0",
    base_retry_back_off: "0",
  };
  const values = given.map(([name, { constant }]) => [name, constant ? constant.value : (known[name] ?? null)]);
  readOptions(Object.fromEntries(values) as TopicArguments, "ap-guangzhou");
}
