import type { Reporter, RunContext } from "./reporter";

/** A handler of SCF in any of its styles: a promise, a callback, or neither. */
export type ScfHandler = (event: never, context: never, callback: never) => unknown;

type AnyFunction = (this: unknown, ...given: unknown[]) => unknown;

/** The context that a wrapped handler is called with now: one that is wrapped twice reports once. */
let calledWith: unknown;

/**
 * The same handler, whose lines leave before it ends. What it gets, returns and throws is untouched, and so is
 * `context.callbackWaitsForEmptyEventLoop`: what ends an invocation is SCF's to say.
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
      // A throw that waits would have to become a rejection. What does not leave meanwhile goes first the next time.
      void reporter.leave();
      throw error;
    } finally {
      calledWith = outer;
    }
    if (isThenable(returned)) return settledAfterLines(returned, reporter);
    reporter.rest();
    return returned;
  };
  // A runtime may look at how many parameters a handler has.
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
