/** The environment variables of a function, from SCF's answer to `GetFunction`. */
export function deployedVariables({
  Environment: environment,
}: Readonly<Record<string, unknown>>): Record<string, string> {
  const { Variables: list } = (environment ?? {}) as { Variables?: unknown };
  const variables = Array.isArray(list) ? (list as { Key?: unknown; Value?: unknown }[]) : [];
  return Object.fromEntries(
    variables.flatMap(({ Key, Value }) => (typeof Value === "string" ? [[String(Key), Value]] : [])),
  );
}
