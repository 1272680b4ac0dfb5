import type { Principal } from "../cam/cam";
import type { Services } from "../services";
import { readFields, type Shape, type Values } from "./fields";

/** Caller and region of a request, and the state of the account. */
export interface ActionRequest {
  readonly region: string;
  readonly services: Services;
  readonly principal: Principal;
}

/** Authorization and rate limit of an action. */
export interface ActionRules<V> {
  /** The resource in a policy's last segment: `topic/<id>`. @default all of the product's resources */
  readonly resource?: (values: V) => string;
  /** Maximum requests per second, of all callers together. @default no limit */
  readonly perSecond?: number;
}

/** One action of a product's API: its fields as data, and its implementation. */
export interface Action {
  readonly perSecond?: number;
  /** The resource of a request; undefined if it has none. Throws if the request is invalid. */
  resourceOf(parameters: unknown): string | undefined;
  run(parameters: unknown, request: ActionRequest): Promise<object>;
}

/** A product of the API. */
export interface Product {
  /** Name in its host and in the scope of its signature: `scf`. */
  readonly name: string;
  /** Version of its API: `2018-04-16`. */
  readonly version: string;
  /** Whether it is separate in each region, so that requests must name one. */
  readonly isRegional: boolean;
  readonly actions: Readonly<Record<string, Action>>;
}

/** Defines an action: the fields of the request, and the contents of the answer's `Response` without the request id. */
export function action<S extends Shape>(
  fields: S,
  run: (values: Values<S>, request: ActionRequest) => object | Promise<object>,
  { resource, perSecond }: ActionRules<Values<S>> = {},
): Action {
  return {
    ...(perSecond !== undefined && { perSecond }),
    resourceOf: (parameters) => resource?.(readFields(fields, parameters)),
    run: async (parameters, request) => run(readFields(fields, parameters), request),
  };
}
