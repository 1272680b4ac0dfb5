/** A variable for a secret is not set, or invalid; the message contains its name, never its value. */
export class SecretError extends Error {
  override readonly name = "SecretError";
  readonly code = "LOGS_SECRET";
}

/**
 * The secret in the variable of that name, without trailing line ends: they come from files and shells, and no service
 * accepts them as part of its key.
 */
export function readSecret(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const value = environment[name]?.replace(/[\r\n]+$/, "");
  if (value) return value;
  throw new SecretError(`${name} must be set, got nothing; give the function the secret through its construct`);
}
