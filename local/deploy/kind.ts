import type { PlanObject } from "../plan/value";
import { Refusal } from "../refusal";
import type { Services } from "../services";
import type { Arguments } from "./arguments";

/** What a resource uses from its stack. */
export interface StackContext {
  readonly region: string;
  /** The stack's folder, the base of relative paths. */
  readonly folder: string;
  /** Commands that Terraform would run. */
  readonly commands: readonly string[];
}

/** A created resource: its arguments, and the attributes that the cloud computed. */
export interface MadeResource {
  readonly given: Arguments;
  readonly computed: PlanObject;
  readonly context: StackContext;
}

/** A resource type, as deployed here. */
export interface Kind {
  /** Creates a resource and returns its computed attributes. */
  make(given: Arguments, services: Services, context: StackContext): PlanObject;
  /**
   * Changes a resource in place, as the provider does, and returns its computed attributes; undefined if it must be
   * replaced.
   * @default every change replaces it
   */
  change?(
    made: MadeResource,
    given: Arguments,
    services: Services,
    context: StackContext,
  ): PlanObject | undefined | Promise<PlanObject | undefined>;
  /** Removes a resource; it is not an error if it was removed with another one. @default nothing to remove */
  remove?(made: MadeResource, services: Services): void | Promise<void>;
}

/** Removes something that may already be gone. */
export function unlessGone(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    const { code = "" } = error as Partial<Refusal>;
    if (!/NotExist|NotFound/.test(code)) throw error;
  }
}

/** The id of a resource. */
export function idOf({ computed }: MadeResource): string {
  return String(computed.id);
}
