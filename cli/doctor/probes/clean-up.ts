import { ServiceError } from "../../../functions/tencent/service-error";
import { actionDenied } from "../finding";

/** What was made and could not be taken away. */
export interface Leftover {
  readonly what: string;
  readonly why: string;
}

/** Tries until something that is still in use is given up, and milliseconds between two. */
const TRIES = 6;
const PAUSE_MS = 2_000;

interface Made {
  readonly what: string;
  readonly undo: () => Promise<unknown>;
}

/** What a probe has made, to be taken away again: what was made last goes first. */
export class CleanUp {
  #made: Made[] = [];

  /**
   * To be called before something is made: its answer may be lost, and it is there all the same.
   *
   * @param what for people, with its name and region
   * @param undo takes it away by its name; what is not there is no error of a kind that counts
   */
  willMake(what: string, undo: () => Promise<unknown>): void {
    this.#made.push({ what, undo });
  }

  /** Takes all away. Never rejects. @param wait between two tries */
  async run(wait: (ms: number) => Promise<void>): Promise<Leftover[]> {
    const leftovers: Leftover[] = [];
    for (const made of this.#made.splice(0).reverse()) {
      const why = await takeAway(made, wait);
      if (why !== undefined) leftovers.push({ what: made.what, why });
    }
    return leftovers;
  }
}

async function takeAway({ undo }: Made, wait: (ms: number) => Promise<void>): Promise<string | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      await undo();
      return undefined;
    } catch (error) {
      if (error instanceof ServiceError && isGone(error)) return undefined;
      const isDenied = error instanceof ServiceError && actionDenied(error) !== undefined;
      if (isDenied || tries === TRIES) return (error as Error).message;
      // What was told to go a moment ago may still count as its user.
      await wait(PAUSE_MS);
    }
  }
}

function isGone({ code }: ServiceError): boolean {
  return /^(ResourceNotFound|NoSuchBucket|NoSuchKey)/.test(code);
}
