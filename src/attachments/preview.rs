//! Small PNGs of images, made anew from their pixels: nothing else of the file is in them.

use std::fs::File;
use std::io::{BufReader, Cursor, Seek as _, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

/// Largest width and height of a preview in pixels.
const PREVIEW: u32 = 480;
/// Largest file of which one is made, in bytes.
const FILE: u64 = 20 * 1024 * 1024;
/// Most pixels that are decoded, and longest side: a file of some bytes can claim to have billions.
const PIXELS: u64 = 25_000_000;
const SIDE: u32 = 12_000;
/// Most memory that decoding takes, in bytes.
const MEMORY: u64 = 192 * 1024 * 1024;

/// One is made at a time, which bounds the memory.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A preview of an image; none of anything else, of what is too large, and of what cannot be decoded.
pub(super) fn of(file: &File, media_type: &str) -> Option<Vec<u8>> {
    let format = match media_type {
        "image/png" => ImageFormat::Png,
        "image/jpeg" => ImageFormat::Jpeg,
        "image/gif" => ImageFormat::Gif,
        "image/webp" => ImageFormat::WebP,
        _ => return None,
    };
    if file.metadata().ok()?.len() > FILE {
        return None;
    }
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    // A file that makes the decoder panic has no preview, either.
    catch_unwind(AssertUnwindSafe(|| decoded(file, format))).ok().flatten()
}

fn decoded(mut file: &File, format: ImageFormat) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(0)).ok()?;
    let mut reader = ImageReader::with_format(BufReader::new(file), format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(SIDE), Some(SIDE), Some(MEMORY));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS {
        return None;
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    if image.width() > PREVIEW || image.height() > PREVIEW {
        image = image.thumbnail(PREVIEW, PREVIEW);
    }
    image.apply_orientation(orientation);
    let pixels = DynamicImage::ImageRgba8(image.to_rgba8());
    let mut png = Vec::new();
    pixels.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).ok()?;
    Some(png)
}
