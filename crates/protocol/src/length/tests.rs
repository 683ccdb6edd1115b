use super::*;

const MOST: usize = 64 * 1024;

fn read(bytes: &[u8], most: usize) -> Result<Option<usize>, BadLength> {
    let mut length = Length::default();
    for byte in bytes {
        if let Some(length) = length.take(*byte, most)? {
            return Ok(Some(length));
        }
    }
    Ok(None)
}

#[test]
fn lengths_of_every_size_read_back() {
    for length in [0, 1, 127, 128, 16_383, 16_384, MOST] {
        let bytes = prefix(length, MOST).unwrap();
        assert_eq!(read(&bytes, MOST), Ok(Some(length)));
        assert_eq!(read(&bytes[..bytes.len() - 1], MOST), Ok(None), "{length} cut short");
    }
}

#[test]
fn lengths_over_the_bound_are_neither_written_nor_read() {
    assert_eq!(prefix(MOST + 1, MOST), None);
    assert_eq!(prefix(1 << 21, usize::MAX), None);
    let bytes = prefix(MOST, MOST).unwrap();
    assert_eq!(read(&bytes, MOST - 1), Err(BadLength::TooMuch { length: MOST, most: MOST - 1 }));
    assert_eq!(read(&[0xff, 0xff, 0xff, 0x01], usize::MAX), Err(BadLength::Endless));
}
