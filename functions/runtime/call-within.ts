import type * as Vm from "node:vm";
import { builtin } from "../tencent/builtin";

/** What was called did not come to an end in time, and was ended wherever it was. */
export class CallTimeoutError extends Error {
  override readonly name = "CallTimeoutError";
}

let vm: { readonly script: Vm.Script; readonly context: { call?: () => void } } | undefined;

/**
 * Calls a function that may never come to an end, such as one that runs a regular expression which goes back for ever: no
 * timer runs meanwhile. To watch it takes 0.1 ms a call, so that it is for much work at once.
 *
 * @throws CallTimeoutError where it takes longer; what it worked on is in no good order then
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
