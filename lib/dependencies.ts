import { dependable, TerraformResource, TerraformStack, type IAspect, type IConstruct } from "./framework";

/**
 * Renders `construct.node.addDependency(other)` as `depends_on`: every resource of the one waits for every resource of the
 * other. The framework itself keeps such dependencies between stacks only, and drops the rest in silence.
 */
class RenderedDependencies implements IAspect {
  visit(node: IConstruct): void {
    if (!TerraformResource.isTerraformResource(node)) return;
    const awaited = node.node.scopes.flatMap((scope) => (TerraformStack.isStack(scope) ? [] : awaitedBy(scope)));
    const ofThisStack = awaited.filter((other) => other !== node && !isBelow(node, other) && inSameStack(node, other));
    if (ofThisStack.length === 0) return;
    node.dependsOn = [...new Set([...(node.dependsOn ?? []), ...ofThisStack.map(dependable)])];
  }
}

/** One for the whole app: the framework calls the same aspect once for each construct. */
export const RENDERED_DEPENDENCIES: IAspect = new RenderedDependencies();

/** The resources that a construct was told to wait for. A dependency on another stack is one between the stacks. */
function awaitedBy(scope: IConstruct): TerraformResource[] {
  return scope.node.dependencies.flatMap((dependency) => {
    const stack = TerraformStack.of(scope);
    const other = TerraformStack.of(dependency);
    if (other !== stack) stack.addDependency(other);
    return dependency.node.findAll().filter((found) => TerraformResource.isTerraformResource(found));
  });
}

/** What stands inside another resource, as the values kept beside it do, is part of it. */
function isBelow(node: IConstruct, other: IConstruct): boolean {
  return node.node.scopes.includes(other) || other.node.scopes.includes(node);
}

function inSameStack(node: IConstruct, other: IConstruct): boolean {
  return TerraformStack.of(node) === TerraformStack.of(other);
}
