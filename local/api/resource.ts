import type { Account } from "../account";

/** A request's fields, unread. */
type Parameters = Readonly<Record<string, unknown>>;

/** What an action touches, as policies name it after region and account. */
type Named = (parameters: Parameters) => string;

/** Fact: docs/design/facts/runtime.md#policies. */
const FUNCTION: Named = ({ FunctionName, Namespace = "default" }) =>
  `namespace/${String(Namespace)}/function/${String(FunctionName)}`;
const TOPIC: Named = ({ TopicId }) => `topic/${String(TopicId)}`;

/** Actions that a policy can allow on a resource of its own, as far as programs here are allowed no more. */
const RESOURCES: Readonly<Record<string, Named>> = {
  "scf:GetFunction": FUNCTION,
  "scf:ListVersionByFunction": FUNCTION,
  "scf:Invoke": FUNCTION,
  "cls:DescribePartitions": TOPIC,
  "cls:SearchLog": TOPIC,
};

/** What an action touches; all of its product's resources where a policy can name none in particular. */
export function resourceOf(
  action: { readonly product: string; readonly name: string; readonly region: string },
  account: Account,
  parameters: unknown,
): string {
  const { name, product, region } = action;
  const named = RESOURCES[`${product}:${name}`];
  if (!named || typeof parameters !== "object" || parameters === null) return `qcs::${product}::uin/${account.uin}:*`;
  return `qcs::${product}:${region}:uin/${account.uin}:${named(parameters as Parameters)}`;
}
