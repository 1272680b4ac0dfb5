declare module "uap-core/regexes.yaml" {
  /** The patterns of uap-core, in the order in which they are tried. */
  const regexes: {
    readonly user_agent_parsers: readonly import("./matcher").AgentPattern[];
    readonly os_parsers: readonly import("./matcher").OsPattern[];
    readonly device_parsers: readonly import("./matcher").DevicePattern[];
  };
  export default regexes;
}
