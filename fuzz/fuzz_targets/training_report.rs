#![no_main]

tagsmith_fuzz::target!(training_report, mutate_json);
