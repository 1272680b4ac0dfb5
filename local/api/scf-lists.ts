import { Refusal } from "../refusal";
import type { CloudFunction } from "../scf/function";
import { action, type Action } from "./action";
import { integer, list, object, optional, text, word } from "./fields";
import { page } from "./lists";
import { NAMESPACE } from "./scf-configuration";
import { functionOf, functionResource, stateOf } from "./scf-function";
import { apiTime } from "./time";

const PAGE = { Offset: optional(integer({ min: 0 })), Limit: optional(integer({ min: 1, max: 100 })) };
const ORDER = { Order: optional(word("ASC", "DESC")), Orderby: optional(text()) };

/** Lists of an account's functions, namespaces and versions. */
export const LIST_ACTIONS: Readonly<Record<string, Action>> = {
  ListFunctions: action(
    {
      ...PAGE,
      ...ORDER,
      Namespace: NAMESPACE,
      SearchKey: optional(text()),
      Description: optional(text()),
      Filters: optional(list(object({ Name: text(), Values: list(text()) }), 10)),
    },
    (given, { region, services: { scf } }) => {
      const { Limit, Namespace = "default", Offset, SearchKey = "" } = given;
      if (given.Filters?.length) throw new Refusal("UnsupportedOperation", "The local cloud lists without Filters.");
      if (!scf.namespaces(region).includes(Namespace)) {
        throw new Refusal("ResourceNotFound.Namespace", `The namespace must exist, got ${Namespace}.`);
      }
      const found = scf
        .allFunctions()
        .map((target) => ({ target, spec: target.spec }))
        .filter(({ spec }) => spec.region === region && spec.namespace === Namespace && spec.name.includes(SearchKey))
        .map(({ target }) => describe(target));
      return { TotalCount: found.length, Functions: page(found, Offset, Limit) };
    },
  ),
  ListNamespaces: action({ ...PAGE, ...ORDER }, ({ Limit, Offset }, { region, services: { clock, scf } }) => {
    const [AddTime, ModTime] = [apiTime(clock.now()), apiTime(clock.now())];
    const all = scf.namespaces(region).map((Name) => ({ Name, Description: "", Type: "default", AddTime, ModTime }));
    return { TotalCount: all.length, Namespaces: page(all, Offset, Limit) };
  }),
  /** The account's usage and quotas. Fact: docs/design/facts/runtime.md#quotas. */
  GetAccount: action({}, ({}, { region, services: { scf } }) => {
    const { limits } = scf;
    const namespaces = scf.namespaces(region);
    const functionsOf = (namespace: string): string[] => {
      const specs = scf.allFunctions().map(({ spec }) => spec);
      return specs.filter((spec) => spec.region === region && spec.namespace === namespace).map(({ name }) => name);
    };
    return {
      AccountUsage: {
        NamespacesCount: namespaces.length,
        Namespace: namespaces.map((Namespace) => {
          const Functions = functionsOf(Namespace);
          return { Namespace, Functions, FunctionsCount: Functions.length };
        }),
      },
      AccountLimit: {
        NamespacesCount: limits.namespaces,
        Namespace: namespaces.map((Namespace) => ({
          Namespace,
          FunctionsCount: limits.functions,
          Trigger: { Cos: limits.triggersOfType, Timer: limits.triggersOfType, Cls: limits.triggersOfType },
          RetryNumLimit: 2,
          MinMsgTTL: 60,
          MaxMsgTTL: 21_600,
        })),
      },
    };
  }),
  /** Functions have only the newest version. */
  ListVersionByFunction: action(
    { ...PAGE, FunctionName: text({ min: 1 }), Namespace: NAMESPACE, Order: ORDER.Order, OrderBy: optional(text()) },
    (given, request) => {
      const { createdAt, modifiedAt } = functionOf(given, request);
      const times = { AddTime: apiTime(createdAt), ModTime: apiTime(modifiedAt) };
      const versions = [{ Version: "$LATEST", Description: "", Status: "Active", ...times }];
      return { TotalCount: 1, FunctionVersion: ["$LATEST"], Versions: page(versions, given.Offset, given.Limit) };
    },
    { resource: functionResource },
  ),
};

function describe(target: CloudFunction): object {
  const { createdAt, id, modifiedAt, spec } = target;
  return {
    FunctionId: id,
    FunctionName: spec.name,
    Namespace: spec.namespace,
    Runtime: spec.runtime,
    Type: "Event",
    ...stateOf(target),
    Description: spec.description ?? "",
    Tags: [],
    AddTime: apiTime(createdAt),
    ModTime: apiTime(modifiedAt),
  };
}

/** Throws for a version or an alias that does not exist. */
export function checkQualifier(qualifier: string | undefined): void {
  if (qualifier === undefined || qualifier === "$LATEST" || qualifier === "$DEFAULT") return;
  throw new Refusal("ResourceNotFound.Version", `The version must exist, got ${qualifier}.`);
}
