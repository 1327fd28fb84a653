#![no_main]

tagsmith_fuzz::target!(card, mutate_json);
