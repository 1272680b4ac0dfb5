/** A variable that should hold a secret is not set, or holds something else; the message names it, never its value. */
export class SecretError extends Error {
  override readonly name = "SecretError";
  readonly code = "LOGS_SECRET";
}

/**
 * The secret in the variable of that name, without the line ends behind it: they come from files and shells, and no
 * service knows them as a part of its key.
 */
export function readSecret(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const value = environment[name]?.replace(/[\r\n]+$/, "");
  if (value) return value;
  throw new SecretError(`${name} must be set, got nothing; give the function the secret through its construct`);
}
