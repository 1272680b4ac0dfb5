e_if(e_search("status >= 500"), e_output("errors"))
