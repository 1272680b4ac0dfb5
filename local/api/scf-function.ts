import type { CloudFunction } from "../scf/function";
import type { ActionRequest } from "./action";

/** The function that a request names, in the request's region. Throws if there is none. */
export function functionOf(
  given: { readonly FunctionName: string; readonly Namespace?: string },
  { region, services: { scf } }: ActionRequest,
): CloudFunction {
  return scf.function({ region, namespace: given.Namespace ?? "default", name: given.FunctionName });
}

/** A function's resource in policies. Fact: docs/design/facts/runtime.md#policies. */
export function functionResource({
  FunctionName,
  Namespace = "default",
}: {
  readonly FunctionName: string;
  readonly Namespace?: string;
}): string {
  return `namespace/${Namespace}/function/${FunctionName}`;
}

/** State of a function in the API. */
export function stateOf({ state: { status, reason } }: CloudFunction): object {
  const StatusReasons = reason === undefined ? [] : [{ ErrorCode: status, ErrorMessage: reason }];
  return { Status: status, StatusDesc: reason ?? "", StatusReasons };
}
