import type * as Vm from "node:vm";
import { builtin } from "../tencent/builtin";

/** A call exceeded its time limit and was terminated in the middle. */
export class CallTimeoutError extends Error {
  override readonly name = "CallTimeoutError";
}

let vm: { readonly script: Vm.Script; readonly context: { call?: () => void } } | undefined;

/**
 * Calls a function that may never end, such as a regular expression with excessive backtracking, during which no timer
 * runs. The limit costs 0.1 ms per call, so use it for much work at once.
 *
 * @throws CallTimeoutError if it takes longer; the data it worked on is then in an undefined state
 */
export function callWithin(milliseconds: number, call: () => void): void {
  const { Script, createContext } = builtin("node:vm");
  vm ??= { script: new Script("call()"), context: createContext({}) as { call?: () => void } };
  vm.context.call = call;
  try {
    vm.script.runInContext(vm.context, { timeout: milliseconds });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new CallTimeoutError(`the call must end within ${milliseconds} ms, got no end`);
  } finally {
    vm.context.call = undefined;
  }
}
