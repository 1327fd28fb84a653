//! The arguments about what is too large.

use clap::{Args, value_parser};
use tagsmith::{ErrorKind, Limits};

/// What is refused before memory is allocated for it.
#[derive(Debug, Args)]
pub struct LimitArgs {
    /// Maximum size of a picture, in millions of pixels [default: 256 for JPEG, 100 for others]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..=268))]
    pub max_megapixels: Option<u64>,

    /// Maximum width and height of a picture, in pixels [default: 65500 for JPEG, 16384 for others]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    pub max_side: Option<u32>,

    /// Maximum size of a file, in MiB [default: 128]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..=4096))]
    pub max_file: Option<u64>,

    /// Maximum memory for decoding, in MiB; pictures that are decoded at the same time share it [default: 512]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(64..=1 << 20))]
    pub max_memory: Option<u64>,

    /// Maximum time for a picture, in seconds: what takes longer is given up, with a report that says so
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,
}

impl LimitArgs {
    pub fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        if let Some(mib) = self.max_file {
            limits.max_file_bytes = mib << 20;
        }
        if let Some(mib) = self.max_memory {
            limits.max_bytes = mib << 20;
        }
        limits.max_side = self.max_side;
        limits.max_ms = self.timeout * 1000;
        limits.max_pixels = self.max_megapixels.map(|millions| millions * 1_000_000);
        limits
    }

    /// The option that lets a picture pass which was refused as `kind`.
    pub fn option_against(kind: ErrorKind) -> Option<&'static str> {
        match kind {
            ErrorKind::PictureTooManyPixels => Some("--max-megapixels"),
            ErrorKind::PictureSideTooLong => Some("--max-side"),
            ErrorKind::PictureFileTooLarge => Some("--max-file"),
            ErrorKind::PictureTooMuchMemory => Some("--max-memory"),
            ErrorKind::PictureTooSlow => Some("--timeout"),
            _ => None,
        }
    }
}
