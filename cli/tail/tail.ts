import type { Credentials } from "../../functions/tencent/credentials";
import type { Console } from "../../terminal/console";
import { interruptible } from "../../terminal/interrupt";
import { UsageError, UserError } from "../../terminal/user-error";
import { readUserCredentials } from "../credentials";
import type { TailPage } from "../page/tail-page";
import { TAIL_USAGE, type TailArguments, tailArguments } from "./arguments";
import { regionsOf, wantedOf } from "./names";
import { Output } from "./output";
import { TailSession } from "./session";
import { TailError } from "./tail-error";

/** Exit status if `--wait-for` did not find its match in time. */
const NOT_SEEN = 3;

/** `tencent-logs tail`. Returns the exit status. */
export async function tail(args: readonly string[], console: Console): Promise<number> {
  const wanted = tailArguments(args);
  if (!wanted) {
    console.stdout.write(TAIL_USAGE);
    return 0;
  }
  try {
    return await interruptible((signal) => tailUntil(signal, wanted, console));
  } catch (error) {
    // Ctrl-C is the normal way to end a tail.
    if (error instanceof Interrupted) return error.status;
    throw error;
  }
}

class Interrupted extends Error {
  constructor(readonly status: number) {
    super("interrupted");
  }
}

async function tailUntil(interrupted: AbortSignal, args: TailArguments, console: Console): Promise<number> {
  const credentials = readUserCredentials();
  const wanted = wantedOf(args);
  if (args.topics.length > 0 && regionsOf(args).length === 0) {
    throw new UsageError("--region must be the topic's region, such as ap-guangzhou, got nothing; see --help");
  }
  const output = new Output(args, wanted, console);
  const ending = new AbortController();
  interrupted.addEventListener("abort", () => ending.abort(interrupted.reason), { once: true });

  const page = args.page === undefined ? undefined : await openPage(args, args.page, credentials, console);

  let isSeen = false;
  const { waitFor, timeoutMs } = args;
  const timer = waitFor && setTimeout(() => ending.abort(new Error("not seen in time")), timeoutMs);
  output.onLine = ({ text }) => {
    if (isSeen || !waitFor?.test(text)) return;
    isSeen = true;
    ending.abort(new Error("seen"));
  };
  const session = new TailSession({
    args,
    wanted,
    credentials: () => credentials,
    tell: (event) => {
      if (!isSeen && output.write(event)) page?.take(event);
    },
    found: (functions, from) => page?.find(functions, from),
    ready: () => output.ready(),
    signal: ending.signal,
  });
  try {
    await session.run();
  } catch (error) {
    if (args.format === "json" && error instanceof TailError) {
      const { code, message } = error;
      output.write({ type: "error", code, message, time: Date.now() * 1000, fatal: true });
    }
    throw error;
  } finally {
    clearTimeout(timer);
    await page?.close();
  }
  const reason: unknown = interrupted.reason;
  if (interrupted.aborted) throw new Interrupted(reason instanceof UserError ? reason.status : 1);
  if (!waitFor || isSeen) return 0;
  console.stderr.write(`--wait-for ${waitFor.pattern} was not seen${args.follow ? ` in ${timeoutMs / 1000} s` : ""}\n`);
  return NOT_SEEN;
}

/** Loaded only on request: it draws stacks and runs rules, which a tail does not wait for. */
function openPage(args: TailArguments, port: number, credentials: Credentials, console: Console): Promise<TailPage> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would ask for extensions that the sources do not have
  const { openTailPage } = require("../page/tail-page") as typeof import("../page/tail-page");
  return openTailPage({ args, port, credentials: () => credentials }, console);
}
