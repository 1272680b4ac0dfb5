# The part of access.sls that CLS does itself: no copies to an archive, and no parts of texts.

e_if(e_has("__CONTENT__"), DROP)
e_drop(e_match("user_agent", r"监控探针.*") or e_search("path: 健康"))

e_regex("path", r"^/(?P<service>[a-z]+)", mode="fill-auto")
e_set("service", "web", mode="fill")

e_if(
    e_has("remote_addr"),
    e_set("remote_addr", regex_replace(v("remote_addr"), r"\.\d+$", replace=".0")),
)

e_switch(
    e_match("status", "2.*"), e_set("outcome", "ok"),
    e_match("status", "3.*"), e_set("outcome", "redirect"),
    e_match("status", "4.*"), e_set("outcome", "client"),
    default=e_set("outcome", "server"),
)

e_if(
    e_search("status >= 500 or request_time >= 0.5"),
    e_compose(e_set("level", "error"), e_output("errors")),
)
e_drop_fields("user_agent")
e_output("requests")
