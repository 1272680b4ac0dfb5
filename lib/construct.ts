import { RENDERED_DEPENDENCIES } from "./dependencies";
import { refuse, shown } from "./errors";
import { Aspects, Construct } from "./framework";

/**
 * Base class of all constructs of the package. It checks `scope` and `id`, which plain JavaScript can get wrong, before
 * the framework fails on them.
 */
export abstract class LogConstruct extends Construct {
  constructor(scope: Construct, id: string) {
    super(checkedScope(new.target.name, scope), checkedId(new.target.name, id));
    Aspects.of(this).add(RENDERED_DEPENDENCIES);
  }
}

function checkedScope(name: string, scope: unknown): Construct {
  if (Construct.isConstruct(scope)) return scope;
  return refuse(
    `new ${name}`,
    "LOGS_PROP_TYPE",
    `scope must be a stack or another construct, got ${shown(scope)}; write new ${name}(stack, "Id", { ... })`,
  );
}

function checkedId(name: string, id: unknown): string {
  if (typeof id === "string" && id !== "") return id;
  return refuse(
    `new ${name}`,
    "LOGS_PROP_TYPE",
    `id must be a text that is not empty, got ${shown(id)}; write new ${name}(stack, "Id", { ... })`,
  );
}
