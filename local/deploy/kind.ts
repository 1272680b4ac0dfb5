import type { PlanObject } from "../plan/value";
import { Refusal } from "../refusal";
import type { Services } from "../services";
import type { Arguments } from "./arguments";

/** What a resource takes from its stack. */
export interface StackContext {
  readonly region: string;
  /** The stack's folder: relative paths start here. */
  readonly folder: string;
  /** Commands that Terraform would run. */
  readonly commands: readonly string[];
}

/** A resource that was made: its arguments, and what the cloud computed. */
export interface MadeResource {
  readonly given: Arguments;
  readonly computed: PlanObject;
  readonly context: StackContext;
}

/** A type of resource in the cloud's state. */
export interface Kind {
  /** Makes one and returns its computed attributes. */
  make(given: Arguments, services: Services, context: StackContext): PlanObject;
  /**
   * Changes one in place, as the provider does, and returns its computed attributes; undefined where it must be made anew.
   * @default every change makes it anew
   */
  change?(
    made: MadeResource,
    given: Arguments,
    services: Services,
    context: StackContext,
  ): PlanObject | undefined | Promise<PlanObject | undefined>;
  /** Removes one; that it has gone with something else is no error. @default nothing is to be removed */
  remove?(made: MadeResource, services: Services): void | Promise<void>;
}

/** Does what removes something, which may be gone already. */
export function unlessGone(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    const { code = "" } = error as Partial<Refusal>;
    if (!/NotExist|NotFound/.test(code)) throw error;
  }
}

/** The id that a resource has. */
export function idOf({ computed }: MadeResource): string {
  return String(computed.id);
}
