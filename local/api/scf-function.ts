import type { CloudFunction } from "../scf/function";
import type { ActionRequest } from "./action";

/** The function that a request names, in the request's region. Throws where there is none. */
export function functionOf(
  given: { readonly FunctionName: string; readonly Namespace?: string },
  { region, services: { scf } }: ActionRequest,
): CloudFunction {
  return scf.function({ region, namespace: given.Namespace ?? "default", name: given.FunctionName });
}

/** A function as policies name it. Fact: docs/design/facts/runtime.md#policies. */
export function functionResource({
  FunctionName,
  Namespace = "default",
}: {
  readonly FunctionName: string;
  readonly Namespace?: string;
}): string {
  return `namespace/${Namespace}/function/${FunctionName}`;
}

/** What became of a function, as the API tells it. */
export function stateOf({ state: { status, reason } }: CloudFunction): object {
  const StatusReasons = reason === undefined ? [] : [{ ErrorCode: status, ErrorMessage: reason }];
  return { Status: status, StatusDesc: reason ?? "", StatusReasons };
}
