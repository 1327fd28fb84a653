#![no_main]

tagsmith_fuzz::target!(vocabulary, mutate_json);
