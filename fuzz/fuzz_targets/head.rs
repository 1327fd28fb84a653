#![no_main]

tagsmith_fuzz::target!(head, mutate_json);
