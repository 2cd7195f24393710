//! Base64 (RFC 4648) in either alphabet, as message queues wrap their payloads.

/// The bytes of a text in Base64, with or without padding; `None` when it is none.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim().trim_end_matches('=');
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 3);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for digit in digits.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        held = held << 6 | u32::from(value_of(digit)?);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

fn value_of(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn both_alphabets_are_read_with_and_without_padding() {
        for text in ["eyJhIjoxfQ==", "eyJhIjoxfQ", "eyJhIjox\nfQ=="] {
            assert_eq!(decode(text).as_deref(), Some(&b"{\"a\":1}"[..]), "{text}");
        }
        assert_eq!(decode("-_8").as_deref(), Some(&[0xfb, 0xff][..]));
        assert_eq!(decode("not base64!"), None);
    }
}
