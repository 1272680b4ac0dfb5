import { checkAtSynth } from "./errors";
import { TerraformProvider, TerraformStack, type IConstruct } from "./framework";
import { knownAtSynth } from "./props/kinds";
import { refuseType, type OptionalProp } from "./props/prop";

/**
 * A stack has one provider without an alias. The search walks the whole stack, so its result is cached for all
 * constructs.
 */
const DEFAULT_PROVIDERS = new WeakMap<TerraformStack, TerraformProvider>();

/** The default provider of the stack: the one without an alias, if the stack has one. */
export function defaultProvider(scope: IConstruct): TerraformProvider | undefined {
  const stack = TerraformStack.of(scope);
  const known = DEFAULT_PROVIDERS.get(stack);
  if (known !== undefined) return known;
  const found = providersOf(stack).find((provider) => provider.alias === undefined);
  if (found !== undefined) DEFAULT_PROVIDERS.set(stack, found);
  return found;
}

/**
 * The prop `provider`. It is required if all providers of the stack have an alias, because then there is no default
 * provider.
 */
export const providerProp: OptionalProp<TerraformProvider> = {
  ...knownAtSynth({
    read(given, path, checks) {
      if (isTencentcloud(given)) return given;
      const remedy = "pass the TencentcloudProvider that you made, or leave it out for the stack's";
      refuseType(checks, path, "must be a provider of Tencent Cloud", given, remedy);
      return undefined;
    },
  }),
  absent(path, { scope }) {
    if (typeof scope === "string") return;
    checkAtSynth(scope, (checks) => {
      checks.that(
        defaultProvider(scope) !== undefined || aliasesOf(scope).length === 0,
        "LOGS_PROVIDER_MISSING",
        () =>
          `${path} must be given where all of the stack's providers have an alias (${aliasesOf(scope).join(", ")}), ` +
          `got nothing; pass one of them`,
      );
    });
  },
};

/** Aliases of the stack's Tencent Cloud providers. */
export function aliasesOf(scope: IConstruct): string[] {
  return providersOf(TerraformStack.of(scope)).flatMap(({ alias }) => alias ?? []);
}

/**
 * Identifies the account of a provider: all of its arguments except region and alias. Two stacks count as two accounts,
 * because each can take its key from a different environment.
 */
export function accountKey(scope: IConstruct, given: TerraformProvider | undefined): string {
  const provider = given ?? defaultProvider(scope);
  const { alias: _alias, region: _region, ...account } = argumentsOf(provider);
  return JSON.stringify([TerraformStack.of(scope).node.path, account]);
}

/** Identifies the account and region of a provider. */
export function regionKey(scope: IConstruct, given: TerraformProvider | undefined): string {
  const { region } = argumentsOf(given ?? defaultProvider(scope));
  return JSON.stringify([accountKey(scope, given), region]);
}

function argumentsOf(provider: TerraformProvider | undefined): Record<string, unknown> {
  if (provider === undefined) return {};
  const { provider: byType } = provider.toTerraform() as {
    provider: Record<string, [Record<string, unknown>]>;
  };
  const [{ "//": _metadata, ...values }] = byType.tencentcloud;
  return values;
}

function providersOf(stack: TerraformStack): TerraformProvider[] {
  return stack.allProviders().filter(isTencentcloud);
}

/** Bindings that users generate themselves have their own class for the same resource type. */
function isTencentcloud(value: unknown): value is TerraformProvider {
  return (
    TerraformProvider.isTerraformElement(value) && (value as TerraformProvider).terraformResourceType === "tencentcloud"
  );
}
