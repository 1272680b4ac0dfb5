const FLOW = "%{IP:src-ip}/%{INT:src-port}->%{IP:dst-ip}/%{INT:dst-port}";
const ZONES = "%{DATA:policy-name} %{DATA:from-zone} %{DATA:to-zone}";
const NAT_RULES = "%{DATA:src-nat-rule-name} %{DATA:dst-nat-rule-name}";

/** The cells of a tab-separated line by name; cells without a pattern can contain anything. */
function cells(...names: readonly string[]): string {
  return names.map((name) => (name.includes(":") ? `%{${name}}` : `%{GREEDYDATA:${name}}`)).join(String.raw`\t`);
}

const ENDS = ["NUMBER:ts", "NOTSPACE:uid", "IP:orig_h", "INT:orig_p", "IP:resp_h", "INT:resp_p"];

/** Log lines of servers, load balancers, clouds and network devices. */
export const NETWORK: Readonly<Record<string, string>> = {
  S3_REQUEST_LINE: "%{WORD:verb} %{NOTSPACE:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest}",
  S3_ACCESS_LOG:
    String.raw`%{WORD:owner} %{NOTSPACE:bucket} \[%{HTTPDATE:timestamp}\] %{IP:clientip} %{NOTSPACE:requester} ` +
    '%{NOTSPACE:request_id} %{NOTSPACE:operation} %{NOTSPACE:key} (?:"%{S3_REQUEST_LINE}"|-) ' +
    "(?:%{INT:response:int}|-) (?:-|%{NOTSPACE:error_code}) (?:%{INT:bytes:int}|-) (?:%{INT:object_size:int}|-) " +
    "(?:%{INT:request_time_ms:int}|-) (?:%{INT:turnaround_time_ms:int}|-) (?:%{QS:referrer}|-) " +
    '(?:"?%{QS:agent}"?|-) (?:-|%{NOTSPACE:version_id})',
  ELB_URIPATHPARAM: "%{URIPATH:path}(?:%{URIPARAM:params})?",
  ELB_URI: "%{URIPROTO:proto}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST:urihost})?(?:%{ELB_URIPATHPARAM})?",
  ELB_REQUEST_LINE: "%{WORD:verb} %{ELB_URI:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest}",
  ELB_ACCESS_LOG:
    "%{TIMESTAMP_ISO8601:timestamp} %{NOTSPACE:elb} %{IP:clientip}:%{INT:clientport:int} " +
    "(?:%{IP:backendip}:?:%{INT:backendport:int}|-) %{NUMBER:request_processing_time:float} " +
    "%{NUMBER:backend_processing_time:float} %{NUMBER:response_processing_time:float} %{INT:response:int} " +
    '%{INT:backend_response:int} %{INT:received_bytes:int} %{INT:bytes:int} "%{ELB_REQUEST_LINE}"',

  // The milliseconds follow after a dot and are not part of the second.
  HAPROXYTIME: "%{HOUR:haproxy_hour}:%{MINUTE:haproxy_minute}:(?P<haproxy_second>[0-5]?[0-9]|60)",
  HAPROXYDATE:
    "%{MONTHDAY:haproxy_monthday}/%{MONTH:haproxy_month}/%{YEAR:haproxy_year}:%{HAPROXYTIME:haproxy_time}." +
    "%{INT:haproxy_milliseconds}",
  HAPROXYCAPTUREDREQUESTHEADERS: "%{DATA:captured_request_headers}",
  HAPROXYCAPTUREDRESPONSEHEADERS: "%{DATA:captured_response_headers}",
  HAPROXYHTTPBASE:
    String.raw`%{IP:client_ip}:%{INT:client_port} \[%{HAPROXYDATE:accept_date}\] %{NOTSPACE:frontend_name} ` +
    "%{NOTSPACE:backend_name}/%{NOTSPACE:server_name} %{INT:time_request}/%{INT:time_queue}/" +
    "%{INT:time_backend_connect}/%{INT:time_backend_response}/%{NOTSPACE:time_duration} %{INT:http_status_code} " +
    "%{NOTSPACE:bytes_read} %{DATA:captured_request_cookie} %{DATA:captured_response_cookie} " +
    "%{NOTSPACE:termination_state} %{INT:actconn}/%{INT:feconn}/%{INT:beconn}/%{INT:srvconn}/%{NOTSPACE:retries} " +
    String.raw`%{INT:srv_queue}/%{INT:backend_queue} (?:\{%{HAPROXYCAPTUREDREQUESTHEADERS}\})?(?: )?` +
    String.raw`(?:\{%{HAPROXYCAPTUREDRESPONSEHEADERS}\})?(?: )?` +
    '"(?:<BADREQ>|(?:%{WORD:http_verb} (?:%{URIPROTO:http_proto}://)?(?:%{USER:http_user}(?::[^@]*)?@)?' +
    '(?:%{URIHOST:http_host})?(?:%{URIPATHPARAM:http_request})?(?: HTTP/%{NUMBER:http_version})?))?"',
  HAPROXYHTTP:
    "(?:%{SYSLOGTIMESTAMP:syslog_timestamp}|%{TIMESTAMP_ISO8601:timestamp8601}) %{IPORHOST:syslog_server} " +
    "%{SYSLOGPROG}: %{HAPROXYHTTPBASE}",
  HAPROXYTCP:
    "(?:%{SYSLOGTIMESTAMP:syslog_timestamp}|%{TIMESTAMP_ISO8601:timestamp8601}) %{IPORHOST:syslog_server} " +
    String.raw`%{SYSLOGPROG}: %{IP:client_ip}:%{INT:client_port} \[%{HAPROXYDATE:accept_date}\] ` +
    "%{NOTSPACE:frontend_name} %{NOTSPACE:backend_name}/%{NOTSPACE:server_name} " +
    "%{INT:time_queue}/%{INT:time_backend_connect}/%{NOTSPACE:time_duration} %{NOTSPACE:bytes_read} " +
    "%{NOTSPACE:termination_state} %{INT:actconn}/%{INT:feconn}/%{INT:beconn}/%{INT:srvconn}/%{NOTSPACE:retries} " +
    "%{INT:srv_queue}/%{INT:backend_queue}",

  SYSLOG5424PRINTASCII: "[!-~]+",
  SYSLOGBASE2:
    "(?:%{SYSLOGTIMESTAMP:timestamp}|%{TIMESTAMP_ISO8601:timestamp8601}) (?:%{SYSLOGFACILITY} )?" +
    "%{SYSLOGHOST:logsource}(?: %{SYSLOGPROG}:|)",
  // The message contains the other fields, and anything that follows them.
  SYSLOGPAMSESSION:
    String.raw`%{SYSLOGBASE} (?P<message>%{WORD:pam_module}\(%{DATA:pam_caller}\): session %{WORD:pam_session_state} ` +
    "for user %{USERNAME:username}(?: by %{GREEDYDATA:pam_by})?.*)",
  CRON_ACTION: "[A-Z ]+",
  CRONLOG: String.raw`%{SYSLOGBASE} \(%{USER:user}\) %{CRON_ACTION:action} \(%{DATA:message}\)`,
  SYSLOGLINE: "%{SYSLOGBASE2} %{GREEDYDATA:message}",
  SYSLOG5424PRI: "<%{NONNEGINT:syslog5424_pri}>",
  SYSLOG5424SD: String.raw`\[%{DATA}\]+`,
  SYSLOG5424BASE:
    "%{SYSLOG5424PRI}%{NONNEGINT:syslog5424_ver} +(?:%{TIMESTAMP_ISO8601:syslog5424_ts}|-) +" +
    "(?:%{HOSTNAME:syslog5424_host}|-) +(?:-|%{SYSLOG5424PRINTASCII:syslog5424_app}) +" +
    "(?:-|%{SYSLOG5424PRINTASCII:syslog5424_proc}) +(?:-|%{SYSLOG5424PRINTASCII:syslog5424_msgid}) +" +
    "(?:%{SYSLOG5424SD:syslog5424_sd}|-|)",
  SYSLOG5424LINE: "%{SYSLOG5424BASE} +%{GREEDYDATA:syslog5424_msg}",

  RT_FLOW_EVENT: "RT_FLOW_SESSION_CREATE|RT_FLOW_SESSION_CLOSE|RT_FLOW_SESSION_DENY",
  RT_FLOW1:
    `%{RT_FLOW_EVENT:event}: %{GREEDYDATA:close-reason}: ${FLOW} %{DATA:service} ` +
    "%{IP:nat-src-ip}/%{INT:nat-src-port}->%{IP:nat-dst-ip}/%{INT:nat-dst-port} " +
    `${NAT_RULES} %{INT:protocol-id} ${ZONES} %{INT:session-id} ` +
    String.raw`\d+\(%{DATA:sent}\) \d+\(%{DATA:received}\) %{INT:elapsed-time} .*`,
  RT_FLOW2:
    `%{RT_FLOW_EVENT:event}: session created ${FLOW} %{DATA:service} ` +
    "%{IP:nat-src-ip}/%{INT:nat-src-port}->%{IP:nat-dst-ip}/%{INT:nat-dst-port} " +
    `${NAT_RULES} %{INT:protocol-id} ${ZONES} %{INT:session-id} .*`,
  RT_FLOW3: `%{RT_FLOW_EVENT:event}: session denied ${FLOW} %{DATA:service} ${String.raw`%{INT:protocol-id}\(\d\)`} ${ZONES} .*`,

  BRO_HTTP: cells(
    ...ENDS,
    "INT:trans_depth",
    ..."method domain uri referrer user_agent".split(" "),
    "NUMBER:request_body_len",
    "NUMBER:response_body_len",
    ..."status_code status_msg info_code info_msg filename bro_tags username password proxied".split(" "),
    ..."orig_fuids orig_mime_types resp_fuids resp_mime_types".split(" "),
  ),
  BRO_DNS: cells(
    ...ENDS,
    "WORD:proto",
    "INT:trans_id",
    ..."query qclass qclass_name qtype qtype_name rcode rcode_name AA TC RD RA Z answers TTLs rejected".split(" "),
  ),
  BRO_CONN: cells(
    ...ENDS,
    "WORD:proto",
    "service",
    "NUMBER:duration",
    "NUMBER:orig_bytes",
    "NUMBER:resp_bytes",
    ..."conn_state local_orig missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes".split(" "),
    "tunnel_parents",
  ),
  BRO_FILES: cells(
    "NUMBER:ts",
    "NOTSPACE:fuid",
    "IP:tx_hosts",
    "IP:rx_hosts",
    "NOTSPACE:conn_uids",
    ..."source depth analyzers mime_type filename duration local_orig is_orig seen_bytes total_bytes".split(" "),
    ..."missing_bytes overflow_bytes timedout parent_fuid md5 sha1 sha256 extracted".split(" "),
  ),
};
