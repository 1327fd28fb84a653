//! Four f32 values that are computed with at once. In WebAssembly they are a vector by name: a module that is optimised for size gets none
//! from plain loops. Elsewhere they are what a compiler makes of an array. Either way each value has the same bits.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use std::arch::wasm32 as simd;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
type Values = simd::v128;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
type Values = [f32; 4];

#[derive(Clone, Copy)]
pub(crate) struct Lanes(Values);

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
impl Lanes {
    #[inline(always)]
    pub fn new(values: &[f32; 4]) -> Self {
        // SAFETY: the reference is to 16 bytes that are there, and vectors are read from any place.
        Self(unsafe { simd::v128_load(std::ptr::from_ref(values).cast()) })
    }

    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self(simd::f32x4_splat(value))
    }

    /// self + a · b, rounded twice.
    #[inline(always)]
    pub fn plus_product(self, a: Self, b: Self) -> Self {
        Self(simd::f32x4_add(self.0, simd::f32x4_mul(a.0, b.0)))
    }

    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self(simd::f32x4_add(self.0, other.0))
    }

    #[inline(always)]
    pub fn values(self) -> [f32; 4] {
        let mut values = [0.0; 4];
        // SAFETY: as above, of a place to write to.
        unsafe { simd::v128_store(std::ptr::from_mut(&mut values).cast(), self.0) };
        values
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Lanes {
    #[inline(always)]
    pub fn new(values: &[f32; 4]) -> Self {
        Self(*values)
    }

    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self([value; 4])
    }

    /// self + a · b, rounded twice.
    #[inline(always)]
    pub fn plus_product(self, a: Self, b: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + a.0[lane] * b.0[lane]))
    }

    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }

    #[inline(always)]
    pub fn values(self) -> [f32; 4] {
        self.0
    }
}
