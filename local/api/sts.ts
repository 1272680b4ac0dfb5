import { action, type Product } from "./action";

/** The caller's identity. */
export const STS: Product = {
  name: "sts",
  version: "2018-08-13",
  isRegional: false,
  actions: {
    GetCallerIdentity: action({}, ({}, { principal, services: { account } }) => ({
      AccountId: account.uin,
      UserId: account.uin,
      PrincipalId: principal.kind === "owner" ? account.uin : principal.role.id,
      Type: principal.kind === "owner" ? "RootAccount" : "CAMRole",
      Arn: principal.kind === "owner" ? `qcs::cam::uin/${account.uin}:root` : principal.role.arn,
    })),
  },
};
