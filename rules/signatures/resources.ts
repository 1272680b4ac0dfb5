import { expression } from "./signature";

export const RESOURCE = {
  res_local: expression('param, default=None, type:local-type="auto"'),
  res_rds_mysql: expression(
    'address, username, password, database, table=None, sql=None, fields=None, fetch_include_data=None, fetch_exclude_data=None, refresh_interval=0, base_retry_back_off=1, max_retry_back_off=60, primary_keys=None, use_ssl=False, update_time_key=None, deleted_flag_key=None, connector="mysql"',
    {
      refused:
        "a database is not reached from a function here; export the table into an object and use tab_parse_csv(res_oss_file(...))",
    },
  ),
  res_log_logstore_pull: expression(
    'endpoint, ak_id, ak_secret, project, logstore, fields, from_time="begin", to_time="end", fetch_include_data=None, fetch_exclude_data=None, primary_keys=None, upsert_data=None, delete_data=None, max_retry_back_off=60, fetch_interval=2, base_retry_back_off=1',
    {
      refused:
        "another log store cannot be read as a table here; ship its topic to an object and use tab_parse_csv(res_oss_file(...))",
    },
  ),
  res_oss_file: expression(
    'endpoint, ak_id=None, ak_key=None, bucket, file, format:object-format="text", change_detect_interval=0, base_retry_back_off=1, max_retry_back_off=60, encoding:readable="utf8", error:error-mode="ignore", decompress:decompression=None',
    { part: "cos" },
  ),
};
