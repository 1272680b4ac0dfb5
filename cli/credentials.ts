import type { Credentials } from "../functions/tencent/credentials";
import { UsageError } from "../terminal/user-error";

/** The user's keys, from the variables of Tencent's provider and tools. Throws {@link UsageError}. */
export function readUserCredentials(environment: NodeJS.ProcessEnv = process.env): Credentials {
  const required = (name: string): string => {
    const value = environment[name];
    if (value) return value;
    throw new UsageError(`${name} must be set, got nothing; export the keys that you deploy with`);
  };
  return {
    secretId: required("TENCENTCLOUD_SECRET_ID"),
    secretKey: required("TENCENTCLOUD_SECRET_KEY"),
    sessionToken: environment.TENCENTCLOUD_SECURITY_TOKEN || undefined,
  };
}
