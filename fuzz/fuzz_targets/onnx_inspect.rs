#![no_main]

tagsmith_fuzz::target!(onnx_inspect, mutate_onnx);
