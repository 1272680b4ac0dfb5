import { dependable, TerraformResource, TerraformStack, type IAspect, type IConstruct } from "./framework";

/**
 * Renders `construct.node.addDependency(other)` as `depends_on`: every resource of the construct waits for every
 * resource of the other. The framework applies these dependencies only between stacks and silently drops the rest.
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

/** One instance for the whole app: the framework calls the same aspect once for each construct. */
export const RENDERED_DEPENDENCIES: IAspect = new RenderedDependencies();

/**
 * The resources that a construct must wait for. A dependency on another stack becomes a dependency between the stacks.
 */
function awaitedBy(scope: IConstruct): TerraformResource[] {
  return scope.node.dependencies.flatMap((dependency) => {
    const stack = TerraformStack.of(scope);
    const other = TerraformStack.of(dependency);
    if (other !== stack) stack.addDependency(other);
    return dependency.node.findAll().filter((found) => TerraformResource.isTerraformResource(found));
  });
}

/** An element inside another resource, such as its `terraform_data`, is part of that resource. */
function isBelow(node: IConstruct, other: IConstruct): boolean {
  return node.node.scopes.includes(other) || other.node.scopes.includes(node);
}

function inSameStack(node: IConstruct, other: IConstruct): boolean {
  return TerraformStack.of(node) === TerraformStack.of(other);
}
