import { ServiceError } from "../../../functions/tencent/service-error";
import { actionDenied } from "../finding";

/** A created resource that could not be removed. */
export interface Leftover {
  readonly what: string;
  readonly why: string;
}

/** Attempts to remove something that is still in use, and milliseconds between two. */
const TRIES = 6;
const PAUSE_MS = 2_000;

interface Made {
  readonly what: string;
  readonly undo: () => Promise<unknown>;
}

/** Resources that a probe has created, to be removed again in reverse order. */
export class CleanUp {
  #made: Made[] = [];

  /**
   * Call it before creating something: its answer can be lost although it was created.
   *
   * @param what for people, with its name and region
   * @param undo removes it by its name; a missing resource is not an error
   */
  willMake(what: string, undo: () => Promise<unknown>): void {
    this.#made.push({ what, undo });
  }

  /** Removes everything. Never rejects. @param wait between two attempts */
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
      // A resource that was just deleted can still count as using it.
      await wait(PAUSE_MS);
    }
  }
}

function isGone({ code }: ServiceError): boolean {
  return /^(ResourceNotFound|NoSuchBucket|NoSuchKey)/.test(code);
}
