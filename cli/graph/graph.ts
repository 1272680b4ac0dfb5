/**
 * What `tencent-logs graph` makes of stacks, and what it prints with `--json`: the things that logs pass through, and how
 * they get from one to the next. Fields are added, never renamed; a reader leaves alone what it does not know.
 */

/** What a node is; `prefix` is a part of a bucket, since logs flow from and to prefixes. */
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

/** What an edge stands for. */
export type EdgeKind =
  /** A shipper writes a topic's logs to a prefix. */
  | "ships"
  /** CLS hands a topic's logs to a function. */
  | "delivers"
  /** Processes of one's own read the topic in the function's place. */
  | "consumed"
  /** CLS's own data processing. */
  | "transforms"
  /** Something invokes a function. */
  | "triggers"
  /** An object under the one prefix is one under the other as well. */
  | "within"
  /** An output of a pipeline. */
  | "writes"
  /** What could not be read or delivered. */
  | "quarantine"
  /** A monitor's state. */
  | "state"
  /** A monitor reads a topic itself. */
  | "pulls"
  /** A monitor keeps each alert. */
  | "records"
  /** A monitor tells a receiver. */
  | "alerts"
  /** SCF writes a function's log. */
  | "logs"
  /** Lines of a function that is watched, and the flag that it is. */
  | "live"
  /** An alarm of CLS searches a topic. */
  | "watches"
  /** An alarm tells people. */
  | "notifies"
  /** A role may do something, which no other edge of its function shows. */
  | "may"
  /** A resource names another, for a reason that is not known here. */
  | "names";

/** A resource of the plan that a node or an edge stands for. */
export interface Part {
  /** `tencentcloud_cls_index.Access_Index_2F` */
  readonly address: string;
  /** Path of the construct: `logs/Access/Index/Resource`. */
  readonly path: string;
  readonly stack: string;
}

/** Something to tell of a node or an edge. */
export interface Detail {
  readonly name: string;
  readonly value: string;
}

/** What is drawn: it has something to tell, and stands for resources. */
export interface Drawn {
  readonly id: string;
  readonly details: readonly Detail[];
  readonly parts: readonly Part[];
}

/** A thing of a stack. */
export interface Named {
  readonly id: string;
  /** What a reader of the stack's code calls it: the construct's path, or the key prefix. */
  readonly title: string;
  /** Its physical name: of a bucket, `name-1250000000`. */
  readonly name: string;
  readonly stack: string;
}

export interface GraphNode extends Named, Drawn {
  readonly kind: NodeKind;
  /** Undefined where the plan does not name it. */
  readonly region?: string;
  /** Whether it exists without these stacks. */
  readonly isExternal: boolean;
  /** Of a prefix: its bucket, one of `buckets`. */
  readonly bucket?: string;
  /** Of a function: its role, one of `roles`. */
  readonly role?: string;
}

export interface GraphEdge extends Drawn {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** In a few words: `every 300 s`, `output records`. */
  readonly label: string;
}

export interface GraphBucket extends Named {
  readonly isExternal: boolean;
  /** Ids of the nodes that are its prefixes. */
  readonly prefixes: readonly string[];
}

/** What a statement of a policy lets a role do. */
export interface Right {
  readonly effect: "allow" | "deny";
  readonly actions: readonly string[];
  /** The resource, with names in place of references where the plan knows them. */
  readonly on: string;
  /** Nodes that it leads to. */
  readonly nodes: readonly string[];
}

export interface GraphRole extends Named {
  /** Who may take the role: `scf.qcloud.com`. */
  readonly trusts: readonly string[];
  /** Functions that run as it. */
  readonly functions: readonly string[];
  readonly rights: readonly Right[];
  /** Policies of Tencent's own or of elsewhere, by name. */
  readonly policies: readonly string[];
}

/** A resource that the picture leaves out. */
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
