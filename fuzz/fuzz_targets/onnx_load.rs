#![no_main]

tagsmith_fuzz::target!(onnx_load, mutate_onnx);
