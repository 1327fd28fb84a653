#![no_main]

tagsmith_fuzz::target!(provider, mutate_json);
