# Access log of the shop, as it ran on Alibaba Cloud's Log Service.

# Lines that are no JSON came in as they are: they are not ours.
e_if(e_has("__CONTENT__"), DROP)

# Probes say nothing about users.
e_drop(e_match("user_agent", r"监控探针.*") or e_search("path: 健康"))

# All of it is kept for a year.
e_coutput("archive")

# What the request was for: the service and the rest of its path.
e_regex("path", r"^/(?P<service>[a-z]+)(?:/(?P<resource>[^?]*))?")
e_set("service", "web", mode="fill")

# Addresses lose their last byte.
e_set("remote_addr", regex_replace(v("remote_addr"), r"\.\d+$", replace=".0"))

# How it went.
e_set("class", op_slice(v("status"), 1))
e_dict_map({"2": "ok", "3": "redirect", "4": "client", "5": "server"}, "class", "outcome")
e_if(op_ge(ct_float(v("request_time")), 0.5), e_set("slow", "true"))

# Failures and what is slow are looked at; all else is only counted.
e_if(
    e_search("status >= 500 or slow: true"),
    e_compose(e_set("level", "error"), e_output("errors")),
)
e_drop_fields("user_agent", "class")
e_output("requests")
