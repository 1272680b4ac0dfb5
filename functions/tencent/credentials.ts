/** Keys of the function's role; temporary, valid for at most 12 hours. */
export interface Credentials {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

/** Thrown when the function has no credentials; names the variable, never a value. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
  readonly code = "LOGS_CREDENTIALS";
}

/**
 * Reads what SCF puts into the environment of a function that has a role
 * (https://cloud.tencent.com/document/product/583/32748). Call it for each request: SCF renews the values while the
 * instance lives.
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
