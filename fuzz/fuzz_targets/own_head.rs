#![no_main]

tagsmith_fuzz::target!(own_head, mutate_json);
