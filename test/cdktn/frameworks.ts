/** A framework under the name `cdktf`, and the constructs that go with it: what stands in a `package.json`. */
export interface Framework {
  /** Name of the package that is really installed. */
  readonly name: "cdktf" | "cdktn";
  readonly dependencies: { readonly cdktf: string; readonly constructs: string };
}

/** The framework that is archived. */
export const CDKTF: Framework = { name: "cdktf", dependencies: { cdktf: "0.21.0", constructs: "~10.6.0" } };

/** Its fork. */
export const CDKTN: Framework = { name: "cdktn", dependencies: { cdktf: "npm:cdktn@0.24.0", constructs: "~10.7.0" } };
