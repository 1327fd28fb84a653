#![no_main]

tagsmith_fuzz::target!(own_onnx, mutate_onnx);
