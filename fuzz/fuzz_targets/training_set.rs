#![no_main]

tagsmith_fuzz::target!(training_set);
