import { Event } from "../rules/run/event";
import type { Argument, BoundCall, Implementations, Run } from "../rules/run/implementation";
import { fail } from "../rules/run/values";
import { ObjectResource } from "./cos/object-resource";
import { type ObjectArguments, PARAMETERS, readOptions } from "./cos/options";

/** Arguments are evaluated before there is an event; none of them reads one. */
const NO_EVENT = new Event({});

export const implementations: Implementations = {
  res_oss_file: {
    thunk: (call) => {
      const given = PARAMETERS.map((name) => [name, call.argument(name)] as const);
      for (const [name, argument] of given) requireStable(call, name, argument);
      const options = (run: Run) => {
        const values = given.map(([name, argument]) => [name, argument.evaluate(NO_EVENT, run)]);
        return readOptions(Object.fromEntries(values) as ObjectArguments, run.environment.TENCENTCLOUD_REGION);
      };
      checkConstants(given);
      const resource = new ObjectResource(options);
      call.resource(resource);
      return () => resource.value;
    },
  },
};

function requireStable({ name: callName }: BoundCall, name: string, argument: Argument): void {
  if (!argument.stable) {
    fail(`${callName} must get a ${name} that depends on no event, since it is read before the first one`, name);
  }
}

/** Errors in constants are reported when the text is checked; valid placeholders replace values from the environment. */
function checkConstants(given: readonly (readonly [string, Argument])[]): void {
  const known: Readonly<Record<string, string>> = { bucket: "bucket", file: "file", ak_id: "id", ak_key: "key" };
  const values = given.map(([name, { constant }]) => [name, constant ? constant.value : (known[name] ?? null)]);
  readOptions(Object.fromEntries(values) as ObjectArguments, "ap-guangzhou");
}
