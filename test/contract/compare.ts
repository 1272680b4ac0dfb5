import { isDeepStrictEqual } from "node:util";
import { KINDS, type Contract, type Names } from "./names";

/**
 * What whoever has deployed a stack would see when they upgrade, a line each: resources that Terraform would destroy, or
 * rename. What is new breaks nothing.
 */
export function breaches(promised: Contract, now: Contract): string[] {
  return Object.entries(promised).flatMap(([address, names]) => {
    const kept = now[address];
    return kept ? changes(address, names, kept) : [loss(address, names, now, promised)];
  });
}

function loss(address: string, names: Names, now: Contract, promised: Contract): string {
  const lost = loses(address);
  const moved = Object.keys(now).find(
    (other) => typeOf(other) === typeOf(address) && !promised[other] && isDeepStrictEqual(now[other], names),
  );
  return moved === undefined
    ? `${address} is gone: Terraform would destroy it${lost} (${shown(names)})`
    : `${address} is ${moved} now: Terraform would destroy it and create it again${lost}`;
}

function changes(address: string, before: Names, after: Names): string[] {
  const { prefixes = [], ...named } = before;
  const { prefixes: keptPrefixes = [], ...keptNames } = after;
  const names = [...new Set([...Object.keys(named), ...Object.keys(keptNames)])];
  const renamed = names
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map(
      (name) =>
        `${name} of ${address} was ${text(before[name])}, is ${text(after[name])}: ` +
        `Terraform would rename it, or destroy it and create it again${loses(address)}`,
    );
  const left = prefixes
    .filter((prefix) => !keptPrefixes.includes(prefix))
    .map((prefix) => `${address} no longer knows the key prefix ${prefix}: what lies below it is not found any more`);
  return [...renamed, ...left];
}

function loses(address: string): string {
  const loss = KINDS[typeOf(address)]?.loses;
  return loss === undefined ? "" : `; ${loss}`;
}

const typeOf = (address: string): string => address.split(".")[0] ?? "";

const shown = (names: Names): string =>
  Object.entries(names)
    .map(([name, value]) => `${name} ${text(value)}`)
    .join(", ");

const text = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
