//! Keyed digests (HMAC-SHA-256, RFC 2104) and hexadecimal, for whoever needs them: the record's seal and chain, sessions,
//! links, study ids.
//!
//! Stored rows, key files and research sets rest on these bytes, so nothing here may change what it gives.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The digest, under the key, of all parts one after another.
///
/// Parts are not told apart by where they end: callers put a separator or a length between two that may vary.
#[must_use]
pub fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A key of a whole SHA-256 block cannot be refused, and its type says so; HMAC itself pads with the same zeros.
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Bytes as lower-case hexadecimal.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// Exactly `N` bytes from hexadecimal of either case; none for anything else.
#[must_use]
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    let mut digits = text.chars().map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()));
    for byte in &mut bytes {
        *byte = digits.next()?? << 4 | digits.next()??;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_mac(key: &[u8], message: &[u8], expected: &str) {
        let mut padded = [0; 32];
        for (to, from) in padded.iter_mut().zip(key) {
            *to = *from;
        }
        assert_eq!(to_hex(&hmac_sha256(&padded, &[message])), expected);
        let (first, rest) = message.split_at(message.len() / 2);
        assert_eq!(to_hex(&hmac_sha256(&padded, &[first, b"", rest])), expected);
    }

    /// RFC 4231, test cases 1, 2 and 3: a key shorter than 32 bytes is the same key with zeros behind it.
    #[test]
    fn digests_agree_with_rfc_4231() {
        check_mac(&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        check_mac(
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        );
        check_mac(&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    }

    #[test]
    fn hexadecimal_goes_both_ways_and_refuses_the_rest() {
        let all: [u8; 256] = std::array::from_fn(|at| u8::try_from(at).unwrap_or_default());
        assert_eq!(from_hex(&to_hex(&all)), Some(all));
        assert_eq!(to_hex(&[0x00, 0x0f, 0xa0, 0xff]), "000fa0ff");
        assert_eq!(from_hex("AbFf"), Some([0xab, 0xff]));
        for wrong in ["", "a", "abc", "abcd", "zz", "+f", " f", "é"] {
            assert_eq!(from_hex::<1>(wrong), None, "{wrong}");
        }
    }
}
