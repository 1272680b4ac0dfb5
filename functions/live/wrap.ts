import type { Reporter, RunContext } from "./reporter";

/** An SCF handler in any style: with a promise, with a callback, or with neither. */
export type ScfHandler = (event: never, context: never, callback: never) => unknown;

type AnyFunction = (this: unknown, ...given: unknown[]) => unknown;

/** The context of the current call. A handler that is wrapped twice reports once. */
let calledWith: unknown;

/**
 * Wraps a handler so that its lines are sent before it ends. Its arguments, result and errors are unchanged, and so is
 * `context.callbackWaitsForEmptyEventLoop`, because SCF decides when an invocation ends.
 *
 * A handler ends when its promise settles, or when it calls its callback. One that does neither ends when nothing keeps
 * the process awake, or with the next invocation.
 */
export function wrap<Handler extends ScfHandler>(handler: Handler, reporter: Reporter): Handler {
  const inner = handler as unknown as AnyFunction;
  const wrapped: AnyFunction = function (event, context, callback, ...more) {
    if (context !== undefined && context === calledWith) return inner.call(this, event, context, callback, ...more);
    reporter.begin((context ?? {}) as RunContext);
    const outer = calledWith;
    calledWith = context;
    let returned: unknown;
    try {
      returned = inner.call(this, event, context, afterLines(callback, reporter), ...more);
    } catch (error) {
      // To wait here, the throw would have to become a rejection. What is not sent in the meantime is sent first the
      // next time.
      void reporter.leave();
      throw error;
    } finally {
      calledWith = outer;
    }
    if (isThenable(returned)) return settledAfterLines(returned, reporter);
    reporter.rest();
    return returned;
  };
  // A runtime may read the number of a handler's parameters.
  Object.defineProperty(wrapped, "length", { value: handler.length });
  return wrapped as unknown as Handler;
}

function afterLines(callback: unknown, reporter: Reporter): unknown {
  if (typeof callback !== "function") return callback;
  return function (this: unknown, ...given: unknown[]): unknown {
    const call = (): unknown => (callback as AnyFunction).apply(this, given);
    const left = reporter.leave();
    return left ? void left.then(call) : call();
  };
}

function settledAfterLines(promise: PromiseLike<unknown>, reporter: Reporter): Promise<unknown> {
  return Promise.resolve(promise).then(
    (result) => {
      const left = reporter.leave();
      return left ? left.then(() => result) : result;
    },
    async (error: unknown) => {
      await reporter.leave();
      throw error;
    },
  );
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
