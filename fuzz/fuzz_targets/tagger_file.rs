#![no_main]

tagsmith_fuzz::target!(tagger_file, mutate_json);
