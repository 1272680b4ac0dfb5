import type { Principal } from "../cam/cam";
import type { Services } from "../services";
import { readFields, type Shape, type Values } from "./fields";

/** Who asks for an action, for which region, and what the account holds. */
export interface ActionRequest {
  readonly region: string;
  readonly services: Services;
  readonly principal: Principal;
}

/** What an action is about, for policies, and how often it may be asked for. */
export interface ActionRules<V> {
  /** The resource in a policy's last segment: `topic/<id>`. @default all of the product's resources */
  readonly resource?: (values: V) => string;
  /** Requests a second of all callers together. @default as many as come */
  readonly perSecond?: number;
}

/** One action of a product's API: its fields as data, and what it does once they are read. */
export interface Action {
  readonly perSecond?: number;
  /** What a request is about; undefined where that is not said. Throws what is wrong with the request. */
  resourceOf(parameters: unknown): string | undefined;
  run(parameters: unknown, request: ActionRequest): Promise<object>;
}

/** A product of the API. */
export interface Product {
  /** As its host and its signature's scope name it: `scf`. */
  readonly name: string;
  /** Version of its API: `2018-04-16`. */
  readonly version: string;
  /** Whether each region has one of its own, which a request must name. */
  readonly isRegional: boolean;
  readonly actions: Readonly<Record<string, Action>>;
}

/** Describes an action: what a request may hold, and what the answer's `Response` holds besides the request's id. */
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
