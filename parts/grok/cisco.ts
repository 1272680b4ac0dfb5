/** An address with its port, as `%{IP:src_ip}/%{INT:src_port}`. */
const end = (side: string): string => `%{IP:${side}_ip}/%{INT:${side}_port}`;

/** The same, after the name of an interface. */
const place = (side: string): string => `%{DATA:${side}_interface}:${end(side)}`;

/** The user of a firewall in parentheses, if any. */
const user = (name: string): string => String.raw`(?:\(%{DATA:${name}}\))?`;

const ACTION = "%{CISCO_ACTION:action}";
const REASON = "%{CISCO_REASON:reason}";
const DIRECTION = "%{CISCO_DIRECTION:direction}";
const PROTOCOL = "%{WORD:protocol}";
const HASHES = String.raw`\[%{DATA:hashcode1}, %{DATA:hashcode2}\]`;
const UNIT = String.raw`\((?:Primary|Secondary)\)`;

/** Messages of ASA firewalls by their numbers, and their components; other firewalls. */
export const CISCO: Readonly<Record<string, string>> = {
  CISCO_TAGGED_SYSLOG:
    "^<%{POSINT:syslog_pri}>%{CISCOTIMESTAMP:timestamp}(?: %{SYSLOGHOST:sysloghost})? ?: %%{CISCOTAG:ciscotag}:",
  CISCOTIMESTAMP: "%{MONTH} +%{MONTHDAY}(?: %{YEAR})? %{TIME}",
  CISCOTAG: "[A-Z0-9]+-%{INT}-(?:[A-Z0-9_]+)",
  CISCO_ACTION:
    "Built|Teardown|Deny|Denied|denied|requested|permitted|denied by ACL|discarded|est-allowed|Dropping|created|deleted",
  CISCO_REASON:
    "Duplicate TCP SYN|Failed to locate egress interface|Invalid transport field|No matching connection|" +
    String.raw`DNS Response|DNS Query|(?:%{WORD}\s*)*`,
  CISCO_DIRECTION: "Inbound|inbound|Outbound|outbound",
  CISCO_INTERVAL: "first hit|%{INT}-second interval",
  CISCO_XLATE_TYPE: "static|dynamic",
  CISCOFW104001: `${UNIT} Switching to ACTIVE - %{GREEDYDATA:switch_reason}`,
  CISCOFW104002: `${UNIT} Switching to STANDBY - %{GREEDYDATA:switch_reason}`,
  CISCOFW104003: String.raw`${UNIT} Switching to FAILED\.`,
  CISCOFW104004: String.raw`${UNIT} Switching to OK\.`,
  CISCOFW105003: `${UNIT} Monitoring on [Ii]nterface %{GREEDYDATA:interface_name} waiting`,
  CISCOFW105004: `${UNIT} Monitoring on [Ii]nterface %{GREEDYDATA:interface_name} normal`,
  CISCOFW105005: `${UNIT} Lost Failover communications with mate on [Ii]nterface %{GREEDYDATA:interface_name}`,
  CISCOFW105008: `${UNIT} Testing [Ii]nterface %{GREEDYDATA:interface_name}`,
  CISCOFW105009: `${UNIT} Testing on [Ii]nterface %{GREEDYDATA:interface_name} (?:Passed|Failed)`,
  CISCOFW106001:
    `${DIRECTION} ${PROTOCOL} connection ${ACTION} from ${end("src")} to ${end("dst")} ` +
    "flags %{GREEDYDATA:tcp_flags} on interface %{GREEDYDATA:interface}",
  CISCOFW106006_106007_106010:
    `${ACTION} ${DIRECTION} ${PROTOCOL} (?:from|src) ${end("src")}${user("src_fwuser")} ` +
    `(?:to|dst) ${end("dst")}${user("dst_fwuser")} (?:on interface %{DATA:interface}|due to ${REASON})`,
  CISCOFW106014:
    `${ACTION} ${DIRECTION} ${PROTOCOL} src %{DATA:src_interface}:%{IP:src_ip}${user("src_fwuser")} ` +
    `dst %{DATA:dst_interface}:%{IP:dst_ip}${user("dst_fwuser")} ` +
    String.raw`\(type %{INT:icmp_type}, code %{INT:icmp_code}\)`,
  CISCOFW106015:
    String.raw`${ACTION} ${PROTOCOL} \(%{DATA:policy_id}\) from ${end("src")} to ${end("dst")} ` +
    "flags %{DATA:tcp_flags}  on interface %{GREEDYDATA:interface}",
  CISCOFW106021: `${ACTION} ${PROTOCOL} reverse path check from %{IP:src_ip} to %{IP:dst_ip} on interface %{GREEDYDATA:interface}`,
  CISCOFW106023:
    `${ACTION}(?: protocol)? ${PROTOCOL} src %{DATA:src_interface}:%{DATA:src_ip}(?:/%{INT:src_port})?${user("src_fwuser")} ` +
    `dst %{DATA:dst_interface}:%{DATA:dst_ip}(?:/%{INT:dst_port})?${user("dst_fwuser")}` +
    String.raw`(?: \(type %{INT:icmp_type}, code %{INT:icmp_code}\))? by access-group "?%{DATA:policy_id}"? ${HASHES}`,
  CISCOFW106100_2_3:
    `access-list %{NOTSPACE:policy_id} ${ACTION} ${PROTOCOL} for user '%{DATA:src_fwuser}' ` +
    String.raw`%{DATA:src_interface}/%{IP:src_ip}\(%{INT:src_port}\) -> ` +
    String.raw`%{DATA:dst_interface}/%{IP:dst_ip}\(%{INT:dst_port}\) ` +
    `hit-cnt %{INT:hit_count} %{CISCO_INTERVAL:interval} ${HASHES}`,
  CISCOFW106100:
    `access-list %{NOTSPACE:policy_id} ${ACTION} ${PROTOCOL} ` +
    String.raw`%{DATA:src_interface}/%{IP:src_ip}\(%{INT:src_port}\)${user("src_fwuser")} -> ` +
    String.raw`%{DATA:dst_interface}/%{IP:dst_ip}\(%{INT:dst_port}\)${user("src_fwuser")} ` +
    `hit-cnt %{INT:hit_count} %{CISCO_INTERVAL:interval} ${HASHES}`,
  CISCOFW110002: `${REASON} for ${PROTOCOL} from ${place("src")} to ${end("dst")}`,
  CISCOFW302010: "%{INT:connection_count} in use, %{INT:connection_count_max} most used",
  CISCOFW302013_302014_302015_302016:
    `${ACTION}(?: ${DIRECTION})? ${PROTOCOL} connection %{INT:connection_id} ` +
    String.raw`for ${place("src")}(?: \(${end("src_mapped")}\))?${user("src_fwuser")} ` +
    String.raw`to ${place("dst")}(?: \(${end("dst_mapped")}\))?${user("dst_fwuser")}` +
    String.raw`(?: duration %{TIME:duration} bytes %{INT:bytes})?(?: ${REASON})?(?: \(%{DATA:user}\))?`,
  CISCOFW302020_302021:
    `${ACTION}(?: ${DIRECTION})? ${PROTOCOL} connection for faddr %{IP:dst_ip}/%{INT:icmp_seq_num}${user("fwuser")} ` +
    "gaddr %{IP:src_xlated_ip}/%{INT:icmp_code_xlated} laddr %{IP:src_ip}/%{INT:icmp_code}" +
    String.raw`(?: \(%{DATA:user}\))?`,
  CISCOFW305011:
    `${ACTION} %{CISCO_XLATE_TYPE:xlate_type} ${PROTOCOL} translation from ` +
    `%{DATA:src_interface}:%{IP:src_ip}(?:/%{INT:src_port})?${user("src_fwuser")} ` +
    "to %{DATA:src_xlated_interface}:%{IP:src_xlated_ip}/%{DATA:src_xlated_port}",
  CISCOFW313001_313004_313008:
    `${ACTION} ${PROTOCOL} type=%{INT:icmp_type}, code=%{INT:icmp_code} from %{IP:src_ip} ` +
    "on interface %{DATA:interface}(?: to %{IP:dst_ip})?",
  CISCOFW313005:
    `${REASON} for ${PROTOCOL} error message: %{WORD:err_protocol} ` +
    `src %{DATA:err_src_interface}:%{IP:err_src_ip}${user("err_src_fwuser")} ` +
    `dst %{DATA:err_dst_interface}:%{IP:err_dst_ip}${user("err_dst_fwuser")} ` +
    String.raw`\(type %{INT:err_icmp_type}, code %{INT:err_icmp_code}\) on %{DATA:interface} interface\.  ` +
    `Original IP payload: ${PROTOCOL} src ${end("orig_src")}${user("orig_src_fwuser")} ` +
    `dst ${end("orig_dst")}${user("orig_dst_fwuser")}`,
  CISCOFW321001: "Resource '%{WORD:resource_name}' limit of %{POSINT:resource_limit} reached for system",
  CISCOFW402117:
    String.raw`${PROTOCOL}: Received a non-IPSec packet \(protocol= %{WORD:orig_protocol}\) ` +
    "from %{IP:src_ip} to %{IP:dst_ip}",
  CISCOFW402119:
    String.raw`${PROTOCOL}: Received an %{WORD:orig_protocol} packet \(SPI= %{DATA:spi}, sequence number= %{DATA:seq_num}\) ` +
    String.raw`from %{IP:src_ip} \(user= %{DATA:user}\) to %{IP:dst_ip} that failed anti-replay checking`,
  CISCOFW419001: `${ACTION} ${PROTOCOL} packet from ${place("src")} to ${place("dst")}, reason: %{GREEDYDATA:reason}`,
  CISCOFW419002: `${REASON} from ${place("src")} to ${place("dst")} with different initial sequence number`,
  CISCOFW500004: `${REASON} for protocol=${PROTOCOL}, from ${end("src")} to ${end("dst")}`,
  CISCOFW602303_602304:
    String.raw`${PROTOCOL}: An ${DIRECTION} %{GREEDYDATA:tunnel_type} SA \(SPI= %{DATA:spi}\) ` +
    String.raw`between %{IP:src_ip} and %{IP:dst_ip} \(user= %{DATA:user}\) has been ${ACTION}`,
  CISCOFW710001_710002_710003_710005_710006: `${PROTOCOL} (?:request|access) ${ACTION} from ${end("src")} to ${place("dst")}`,
  CISCOFW713172:
    String.raw`Group = %{GREEDYDATA:group}, IP = %{IP:src_ip}, Automatic NAT Detection Status:\s+` +
    String.raw`Remote end\s*%{DATA:is_remote_natted}\s*behind a NAT device\s+` +
    String.raw`This\s+end\s*%{DATA:is_local_natted}\s*behind a NAT device`,
  CISCOFW733100:
    String.raw`\[\s*%{DATA:drop_type}\s*\] drop %{DATA:drop_rate_id} exceeded. ` +
    "Current burst rate is %{INT:drop_rate_current_burst} per second, " +
    "max configured rate is %{INT:drop_rate_max_burst}; " +
    "Current average rate is %{INT:drop_rate_current_avg} per second, " +
    "max configured rate is %{INT:drop_rate_max_avg}; Cumulative total count is %{INT:drop_total_count}",

  NETSCREENSESSIONLOG:
    "%{SYSLOGTIMESTAMP:date} %{IPORHOST:device} %{IPORHOST}: NetScreen device_id=%{WORD:device_id}%{DATA}: " +
    "start_time=%{QUOTEDSTRING:start_time} duration=%{INT:duration} policy_id=%{INT:policy_id} " +
    "service=%{DATA:service} proto=%{INT:proto} src zone=%{WORD:src_zone} dst zone=%{WORD:dst_zone} " +
    "action=%{WORD:action} sent=%{INT:sent} rcvd=%{INT:rcvd} src=%{IPORHOST:src_ip} dst=%{IPORHOST:dst_ip} " +
    "src_port=%{INT:src_port} dst_port=%{INT:dst_port} " +
    "src-xlated ip=%{IPORHOST:src_xlated_ip} port=%{INT:src_xlated_port} " +
    "dst-xlated ip=%{IPORHOST:dst_xlated_ip} port=%{INT:dst_xlated_port} " +
    "session_id=%{INT:session_id} reason=%{GREEDYDATA:reason}",
  SHOREWALL:
    "%{SYSLOGTIMESTAMP:timestamp} %{WORD:nf_host} kernel:.*Shorewall:%{WORD:nf_action1}?:%{WORD:nf_action2}?.*" +
    "IN=%{USERNAME:nf_in_interface}?.*" +
    "(?:OUT= *MAC=%{COMMONMAC:nf_dst_mac}:%{COMMONMAC:nf_src_mac}?|OUT=%{USERNAME:nf_out_interface}).*" +
    "SRC=%{IPV4:nf_src_ip}.*DST=%{IPV4:nf_dst_ip}.*LEN=%{WORD:nf_len}.?.*TOS=%{WORD:nf_tos}.?.*" +
    "PREC=%{WORD:nf_prec}.?.*TTL=%{INT:nf_ttl}.?.*ID=%{INT:nf_id}.?.*PROTO=%{WORD:nf_protocol}.?.*" +
    "SPT=%{INT:nf_src_port}?.*DPT=%{INT:nf_dst_port}?.*",
};
