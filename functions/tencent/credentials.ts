/** Keys of the function's role; temporary, valid for at most 12 hours. */
export interface Credentials {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

/** Thrown if the function has no credentials; names the variable, never a value. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
  readonly code = "LOGS_CREDENTIALS";
}

/**
 * Reads the credentials that SCF puts into the environment of a function with a role
 * (https://cloud.tencent.com/document/product/583/32748). Call it for each request: SCF renews the values during the
 * instance's life.
 */
export function readCredentials(environment: NodeJS.ProcessEnv = process.env): Credentials {
  return {
    secretId: required(environment, "TENCENTCLOUD_SECRETID"),
    secretKey: required(environment, "TENCENTCLOUD_SECRETKEY"),
    sessionToken: environment.TENCENTCLOUD_SESSIONTOKEN || undefined,
  };
}

function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (!value) throw new CredentialsError(`${name} must be set, got nothing; give the function a role`);
  return value;
}
