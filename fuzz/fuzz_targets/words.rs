#![no_main]

tagsmith_fuzz::target!(words);
