/** The trust policy of a role that a service assumes. */
export function trustPolicy(service: string): object {
  return {
    version: "2.0",
    statement: [{ action: ["name/sts:AssumeRole"], effect: "allow", principal: { service: [service] } }],
  };
}
