//! Files packed with gzip, as bulk exports come.

use std::io::{BufRead, Read};

use flate2::bufread::MultiGzDecoder;

/// The bytes with which a packed file begins.
pub const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Unpacks while it is read.
pub fn unpack<R: BufRead>(packed: R) -> impl Read {
    MultiGzDecoder::new(packed)
}

/// Unpacks bytes in memory; bytes that are not packed come back as they are.
///
/// # Errors
/// Where they are broken, or hold more than `limit` bytes unpacked.
pub fn unpacked(bytes: Vec<u8>, limit: usize) -> Result<Vec<u8>, String> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut all = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    unpack(bytes.as_slice())
        .take(most)
        .read_to_end(&mut all)
        .map_err(|error| format!("the gzip file is broken: {error}"))?;
    if all.len() > limit {
        return Err(format!("the gzip file holds more than {} MB unpacked; split it", limit / (1024 * 1024)));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn what_is_packed_is_unpacked_and_the_rest_left_alone() {
        assert_eq!(unpacked(packed(b"{}"), 10), Ok(b"{}".to_vec()));
        assert_eq!(unpacked(b"{}".to_vec(), 10), Ok(b"{}".to_vec()));
        let two = [packed(b"one "), packed(b"two")].concat();
        assert_eq!(unpacked(two, 10), Ok(b"one two".to_vec()));
    }

    #[test]
    fn a_file_that_swells_past_the_limit_or_is_broken_is_refused() {
        assert!(unpacked(packed(&[b' '; 5000]), 100).is_err_and(|why| why.contains("more than")));
        let mut broken = packed(b"a longer text than that");
        broken.truncate(14);
        assert!(unpacked(broken, 100).is_err_and(|why| why.contains("broken")));
    }
}
