//! Decompresses bodies, with a limit on the decompressed size.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Largest window of a zstd frame, four times that of `zstd -19`.
const ZSTD_WINDOW: u64 = 32 * 1024 * 1024;

/// How many times as large as it was sent a body may become, once it has this many bytes. Alerts that resemble each
/// other become 10 to 100 times as large; what is made to take memory and time, a thousand times and more.
const RATIO_MAX: u64 = 200;
const ANY_RATIO: u64 = 4 * 1024 * 1024;

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Detected by the first bytes.
    Detect,
    Gzip,
    Zstd,
}

impl Encoding {
    /// Reads a `Content-Encoding`; `None` for those that are not supported.
    pub fn parse(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Some(Self::Detect),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// The plain bytes of a body, at most `limit` of them; one more is an error of the kind `FileTooLarge`. More than
/// two hundred times what was sent is one of the kind `QuotaExceeded`. `u64::MAX` is for files of which neither counts.
pub fn decoded<'a>(body: impl Read + Send + 'a, encoding: Encoding, limit: u64) -> Box<dyn Read + Send + 'a> {
    let packed = Arc::new(AtomicU64::new(0));
    let body = Counted { inner: body, bytes: Arc::clone(&packed) };
    Box::new(Limited { inner: MaybeCompressed::Raw(Some(Box::new(body)), encoding), packed, plain: 0, limit })
}

/// Counts the bytes that are read.
struct Counted<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// A source whose compression is detected at the first read.
enum MaybeCompressed<'a> {
    Raw(Option<Box<dyn Read + Send + 'a>>, Encoding),
    Decoder(Box<dyn Read + Send + 'a>),
}

impl Read for MaybeCompressed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if let Self::Raw(source, encoding) = self {
            let (mut source, encoding) = (source.take().unwrap_or_else(|| Box::new(io::empty())), *encoding);
            let mut head = Vec::with_capacity(4);
            source.by_ref().take(4).read_to_end(&mut head)?;
            let encoding = match (encoding, head.as_slice()) {
                (Encoding::Detect, [0x1f, 0x8b, ..]) => Encoding::Gzip,
                (Encoding::Detect, [0x28, 0xb5, 0x2f, 0xfd]) => Encoding::Zstd,
                (known, _) => known,
            };
            let source = io::Cursor::new(head).chain(source);
            *self = Self::Decoder(match encoding {
                Encoding::Detect => Box::new(source),
                Encoding::Gzip => Box::new(flate2::read::MultiGzDecoder::new(source)),
                Encoding::Zstd => Box::new(ZstdFrames::new(source)),
            });
        }
        match self {
            Self::Decoder(source) => source.read(into),
            Self::Raw(..) => Ok(0),
        }
    }
}

struct Limited<R> {
    inner: R,
    /// Bytes that were sent, and that they unpacked to.
    packed: Arc<AtomicU64>,
    plain: u64,
    limit: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.plain = self.plain.saturating_add(count as u64);
        if self.plain > self.limit {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let sent = self.packed.load(Ordering::Relaxed);
        if self.limit < u64::MAX && self.plain > ANY_RATIO.max(sent.saturating_mul(RATIO_MAX)) {
            return Err(ErrorKind::QuotaExceeded.into());
        }
        Ok(count)
    }
}

/// Reads consecutive zstd frames.
struct ZstdFrames<R> {
    source: BufReader<R>,
    decoder: FrameDecoder,
    open: bool,
}

impl<R: Read> ZstdFrames<R> {
    fn new(source: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(ZSTD_WINDOW);
        Self { source: BufReader::new(source), decoder, open: false }
    }
}

impl<R: Read> Read for ZstdFrames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.open {
                if self.source.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                match self.decoder.init(&mut self.source) {
                    Ok(()) => self.open = true,
                    Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                        length, ..
                    })) => {
                        io::copy(&mut self.source.by_ref().take(u64::from(length)), &mut io::sink())?;
                    }
                    Err(error) => return Err(damaged(error)),
                }
                continue;
            }
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(into);
            }
            if self.decoder.is_finished() {
                self.open = false;
                continue;
            }
            self.decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1)).map_err(damaged)?;
        }
    }
}

/// The error of a damaged frame; when the source itself broke off, that error.
fn damaged(error: FrameDecoderError) -> io::Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(at) = cause {
        if let Some(kind) = at.downcast_ref::<io::Error>().map(io::Error::kind)
            && matches!(kind, ErrorKind::ConnectionAborted | ErrorKind::TimedOut)
        {
            return kind.into();
        }
        cause = at.source();
    }
    io::Error::new(ErrorKind::InvalidData, error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn read(body: &[u8], encoding: Encoding, limit: u64) -> io::Result<String> {
        let mut text = String::new();
        decoded(body, encoding, limit).read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn compression_is_known_by_name_and_by_first_bytes() {
        for body in [b"hello".to_vec(), gzip(b"hello"), zstd(b"hello")] {
            assert_eq!(read(&body, Encoding::Detect, 5).unwrap(), "hello");
        }
        assert_eq!(read(&gzip(b"hello"), Encoding::Gzip, 5).unwrap(), "hello");
        assert_eq!(read(&zstd(b"hello"), Encoding::Zstd, 5).unwrap(), "hello");
        assert!(read(b"hello", Encoding::Gzip, 5).is_err());
    }

    #[test]
    fn parts_one_after_the_other_are_one_body() {
        assert_eq!(read(&[gzip(b"a"), gzip(b"b")].concat(), Encoding::Detect, 9).unwrap(), "ab");
        assert_eq!(read(&[zstd(b"a"), zstd(b"b")].concat(), Encoding::Detect, 9).unwrap(), "ab");
    }

    #[test]
    fn what_unpacks_to_more_than_the_limit_ends_there() {
        let bomb = gzip(&vec![b' '; 4_000_000]);
        assert!(bomb.len() < 40_000);
        assert_eq!(read(&bomb, Encoding::Detect, 1_000).unwrap_err().kind(), ErrorKind::FileTooLarge);
    }

    #[test]
    fn what_unpacks_to_far_more_than_was_sent_ends_there() {
        for bomb in [gzip(&vec![b' '; 20_000_000]), zstd(&vec![b' '; 20_000_000])] {
            let ended = read(&bomb, Encoding::Detect, 1 << 30).unwrap_err();
            assert_eq!(ended.kind(), ErrorKind::QuotaExceeded, "{} bytes", bomb.len());
            assert!(read(&bomb, Encoding::Detect, u64::MAX).is_ok(), "an administrator's file");
        }
    }

    #[test]
    fn a_damaged_stream_is_an_error() {
        for whole in [gzip(&[b'x'; 9_000]), zstd(&[b'x'; 9_000])] {
            assert!(read(whole.get(..whole.len() - 6).unwrap(), Encoding::Detect, 10_000).is_err());
        }
    }
}
