#![no_main]

tagsmith_fuzz::target!(rules, mutate_json);
