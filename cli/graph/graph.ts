/**
 * The graph of `tencent-logs graph`, also printed with `--json`: the things that logs pass through, and how they get
 * from one to the next. Fields can be added, but are never renamed; readers ignore unknown ones.
 */

/** The kind of a node; `prefix` is a part of a bucket, because logs flow from and to prefixes. */
export type NodeKind =
  | "topic"
  | "prefix"
  | "function"
  | "timer"
  | "url"
  | "source"
  | "webhook"
  | "server"
  | "ckafka"
  | "receiver"
  | "alarm"
  | "notice"
  | "role";

/** The meaning of an edge. */
export type EdgeKind =
  /** A shipper writes a topic's logs to a prefix. */
  | "ships"
  /** CLS delivers a topic's logs to a function. */
  | "delivers"
  /** The user's processes read the topic instead of the function. */
  | "consumed"
  /** CLS's own data processing. */
  | "transforms"
  /** Something invokes a function. */
  | "triggers"
  /** An object under one prefix is also under the other. */
  | "within"
  /** An output of a pipeline. */
  | "writes"
  /** What could not be read or delivered. */
  | "quarantine"
  /** A monitor's state. */
  | "state"
  /** A monitor reads a topic directly. */
  | "pulls"
  /** A monitor stores each alert. */
  | "records"
  /** A monitor notifies a receiver. */
  | "alerts"
  /** SCF writes a function's log. */
  | "logs"
  /** Lines of a watched function, and its flag. */
  | "live"
  /** A CLS alarm searches a topic. */
  | "watches"
  /** An alarm notifies people. */
  | "notifies"
  /** A permission of a role that no other edge of its function shows. */
  | "may"
  /** A resource names another, for an unknown reason. */
  | "names";

/** A resource of the plan that a node or an edge represents. */
export interface Part {
  /** `tencentcloud_cls_index.Access_Index_2F` */
  readonly address: string;
  /** Path of the construct: `logs/Access/Index/Resource`. */
  readonly path: string;
  readonly stack: string;
}

/** A detail of a node or an edge. */
export interface Detail {
  readonly name: string;
  readonly value: string;
}

/** An element of the drawing, which has details and represents resources. */
export interface Drawn {
  readonly id: string;
  readonly details: readonly Detail[];
  readonly parts: readonly Part[];
}

/** A thing of a stack. */
export interface Named {
  readonly id: string;
  /** Its name in the stack's code: the construct's path, or the key prefix. */
  readonly title: string;
  /** Its physical name; for a bucket, `name-1250000000`. */
  readonly name: string;
  readonly stack: string;
}

export interface GraphNode extends Named, Drawn {
  readonly kind: NodeKind;
  /** Undefined if the plan does not contain it. */
  readonly region?: string;
  /** Whether it exists independently of these stacks. */
  readonly isExternal: boolean;
  /** For a prefix: its bucket, one of `buckets`. */
  readonly bucket?: string;
  /** For a function: its role, one of `roles`. */
  readonly role?: string;
}

export interface GraphEdge extends Drawn {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** Short text: `every 300 s`, `output records`. */
  readonly label: string;
}

export interface GraphBucket extends Named {
  readonly isExternal: boolean;
  /** Ids of the nodes that are its prefixes. */
  readonly prefixes: readonly string[];
}

/** What a policy statement allows a role. */
export interface Right {
  readonly effect: "allow" | "deny";
  readonly actions: readonly string[];
  /** The resource, with names instead of references if the plan contains them. */
  readonly on: string;
  /** Nodes that it refers to. */
  readonly nodes: readonly string[];
}

export interface GraphRole extends Named {
  /** Who can assume the role: `scf.qcloud.com`. */
  readonly trusts: readonly string[];
  /** Functions with this role. */
  readonly functions: readonly string[];
  readonly rights: readonly Right[];
  /** Policies of Tencent or other external ones, by name. */
  readonly policies: readonly string[];
}

/** A resource that is not in the picture. */
export interface NotDrawn extends Part {
  readonly why: string;
}

export interface Graph {
  readonly version: 1;
  readonly stacks: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly buckets: readonly GraphBucket[];
  readonly roles: readonly GraphRole[];
  readonly notDrawn: readonly NotDrawn[];
}
