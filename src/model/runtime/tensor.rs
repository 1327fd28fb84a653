//! The values of stored tensors.

use tract_onnx::pb::TensorProto;
use tract_onnx::pb::tensor_proto::DataType;

/// The number of bits of one value of an ONNX type; `None` for text and unknown types.
pub fn bits_per_value(data_type: i32) -> Option<usize> {
    Some(match DataType::try_from(data_type).ok()? {
        DataType::Undefined | DataType::String => return None,
        DataType::Uint4 | DataType::Int4 | DataType::Float4e2m1 => 4,
        DataType::Bool
        | DataType::Uint8
        | DataType::Int8
        | DataType::Float8e4m3fn
        | DataType::Float8e4m3fnuz
        | DataType::Float8e5m2
        | DataType::Float8e5m2fnuz => 8,
        DataType::Uint16 | DataType::Int16 | DataType::Float16 | DataType::Bfloat16 => 16,
        DataType::Float | DataType::Int32 | DataType::Uint32 => 32,
        DataType::Double | DataType::Int64 | DataType::Uint64 | DataType::Complex64 => 64,
        DataType::Complex128 => 128,
    })
}

/// The values of an integer tensor of at most 32 bits a value, or of int64 values that fit; `None` for other types and if the number of
/// values does not fit the shape.
pub fn integers(tensor: &TensorProto) -> Option<Vec<i32>> {
    let n_values = n_values(tensor)?;
    let raw = &tensor.raw_data[..];
    let words = || tensor.int32_data.iter().copied();
    let values: Vec<i32> = match (DataType::try_from(tensor.data_type).ok()?, raw.is_empty()) {
        (DataType::Int8, false) => raw.iter().map(|&byte| i32::from(byte as i8)).collect(),
        (DataType::Uint8, false) => raw.iter().map(|&byte| i32::from(byte)).collect(),
        (DataType::Int16, false) => halves(raw).map(|bits| i32::from(bits as i16)).collect(),
        (DataType::Uint16, false) => halves(raw).map(i32::from).collect(),
        (DataType::Int32, false) => raw.as_chunks::<4>().0.iter().map(|&bytes| i32::from_le_bytes(bytes)).collect(),
        (DataType::Int8 | DataType::Uint8 | DataType::Int16 | DataType::Uint16 | DataType::Int32, true) => {
            words().collect()
        }
        (DataType::Int4, false) => nibbles(raw.iter().copied(), n_values).map(signed).collect(),
        (DataType::Uint4, false) => nibbles(raw.iter().copied(), n_values).collect(),
        (DataType::Int4, true) => nibbles(words().map(|word| word as u8), n_values).map(signed).collect(),
        (DataType::Uint4, true) => nibbles(words().map(|word| word as u8), n_values).collect(),
        (DataType::Int64, _) => {
            whole_numbers(tensor)?.into_iter().map(|value| value.try_into().ok()).collect::<Option<_>>()?
        }
        _ => return None,
    };
    (values.len() == n_values).then_some(values)
}

/// The values of an int64 tensor.
pub fn whole_numbers(tensor: &TensorProto) -> Option<Vec<i64>> {
    if tensor.data_type != DataType::Int64 as i32 {
        return None;
    }
    if tensor.raw_data.is_empty() {
        return Some(tensor.int64_data.clone());
    }
    Some(tensor.raw_data.as_chunks::<8>().0.iter().map(|&bytes| i64::from_le_bytes(bytes)).collect())
}

/// The values of a float32 tensor of any shape; `None` if it is empty.
pub fn float_values(tensor: &TensorProto) -> Option<Vec<f32>> {
    if tensor.data_type != DataType::Float as i32 {
        return None;
    }
    let values: Vec<f32> = if tensor.raw_data.is_empty() {
        tensor.float_data.clone()
    } else {
        tensor.raw_data.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
    };
    (!values.is_empty()).then_some(values)
}

/// The sides of a tensor, none of which may be 0.
pub fn dims(tensor: &TensorProto) -> Option<Vec<usize>> {
    tensor.dims.iter().map(|&dim| usize::try_from(dim).ok().filter(|&dim| dim > 0)).collect()
}

/// The number of values that the shape states.
pub fn n_values(tensor: &TensorProto) -> Option<usize> {
    tensor.dims.iter().try_fold(1usize, |product, &dim| product.checked_mul(usize::try_from(dim).ok()?))
}

fn halves(raw: &[u8]) -> impl Iterator<Item = u16> {
    raw.as_chunks::<2>().0.iter().map(|&bytes| u16::from_le_bytes(bytes))
}

/// Two values a byte, the lower half first.
fn nibbles(bytes: impl Iterator<Item = u8>, n_values: usize) -> impl Iterator<Item = i32> {
    bytes.flat_map(|byte| [byte & 15, byte >> 4]).take(n_values).map(i32::from)
}

/// A value of four bits in two's complement.
fn signed(nibble: i32) -> i32 {
    if nibble < 8 { nibble } else { nibble - 16 }
}
