#![no_main]

tagsmith_fuzz::target!(decode_small);
