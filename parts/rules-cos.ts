import { Event } from "../rules/run/event";
import type { Argument, Call, Implementations, Run } from "../rules/run/implementation";
import { fail } from "../rules/run/values";
import { ObjectResource } from "./cos/object-resource";
import { type ObjectArguments, PARAMETERS, readOptions } from "./cos/options";

/** Arguments are evaluated when there is no event yet; none of them reads one. */
const NO_EVENT = new Event({});

export const implementations: Implementations = {
  /**
   * `res_oss_file(endpoint, ak_id=None, ak_key=None, bucket, file, format="text", change_detect_interval=0,
   * base_retry_back_off=1, max_retry_back_off=60, encoding="utf8", error="ignore", decompress=None)`: what an object in COS
   * holds, as text or, for `binary`, as bytes. It is read before the first event, and again at the first invocation after
   * each interval (seconds; 0: never) where its ETag has changed. The endpoint is `https://cos.<region>.myqcloud.com`, a
   * region, or empty for the function's own. Without keys it is read as the function's role. A bucket `file:///folder`
   * reads a file of this machine. Failures are tried again three times, after the back-off and twice as long each time.
   */
  res_oss_file: {
    thunk: (call) => {
      const given = PARAMETERS.map((name) => [name, call.argument(name)] as const);
      for (const [name, argument] of given) requireStable(call, name, argument);
      const options = (run: Run) => {
        const values = given.map(([name, argument]) => [name, argument?.evaluate(NO_EVENT, run)]);
        return readOptions(Object.fromEntries(values) as ObjectArguments, run.environment.TENCENTCLOUD_REGION);
      };
      checkConstants(given);
      const resource = new ObjectResource(options);
      call.resource(resource);
      return () => resource.value;
    },
  },
};

function requireStable({ name: callName }: Call, name: string, argument: Argument | undefined): void {
  if (argument && !argument.stable) {
    fail(`${callName} must get a ${name} that depends on no event, since it is read before the first one`, name);
  }
}

/** What is wrong with constants is told when the text is checked; what the environment gives stands in by what fits. */
function checkConstants(given: readonly (readonly [string, Argument | undefined])[]): void {
  const known: Readonly<Record<string, string>> = { bucket: "bucket", file: "file", ak_id: "id", ak_key: "key" };
  const values = given.map(([name, argument]) => [
    name,
    argument && !argument.constant ? known[name] : argument?.constant?.value,
  ]);
  readOptions(Object.fromEntries(values) as ObjectArguments, "ap-guangzhou");
}
