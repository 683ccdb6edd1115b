use super::*;
use proptest::prelude::*;

fn refused(bytes: &[u8]) -> ReadError {
    read(bytes, &Options::default()).unwrap_err()
}

#[test]
fn the_format_is_recognised_by_content() {
    let json = read(b" \n[1, 2]", &Options::default()).unwrap().table;
    let csv = read(b"value\n1\n2\n", &Options::default()).unwrap().table;
    assert_eq!(json.into_parts(), csv.into_parts());
}

#[test]
fn what_is_no_text_is_refused_with_what_to_do() {
    assert!(matches!(refused(b""), ReadError::Empty));
    assert!(matches!(refused(b"\xEF\xBB\xBF \n "), ReadError::Empty));
    assert!(matches!(refused(b"\xFF\xFEa\x00,\x00b\x00"), ReadError::Unrecognised));
    assert_eq!(
        refused(b"a,b\nGr\xFC\xDFe,1\n").to_string(),
        "line 2 is not UTF-8 text; save the file with the encoding UTF-8"
    );
}

#[test]
fn a_file_beyond_the_limit_is_refused_without_reading_on() {
    let endless = std::io::repeat(b' ');
    assert!(matches!(read_from(endless, &Options::default()), Err(ReadError::TooLarge)));
}

#[test]
fn a_cell_in_a_message_is_short_and_hides_nothing() {
    let excerpt = Excerpt::of(&format!("\u{202E}{}", "x".repeat(100))).to_string();
    assert_eq!(excerpt, format!("\u{FFFD}{}…", "x".repeat(39)));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for format in Format::ALL.map(Some).into_iter().chain([None]) {
            for skip_bad_rows in [false, true] {
                let _ = read(&bytes, &Options { format, skip_bad_rows, ..Options::default() });
            }
        }
    }

    #[test]
    fn arbitrary_tables_never_panic(text in "[-0-9a-c,;|.\"'\n\r\t /$€()é]{0,200}") {
        for skip_bad_rows in [false, true] {
            if let Ok(reading) = read(text.as_bytes(), &Options { skip_bad_rows, ..Options::default() }) {
                let chunks: Vec<u64> =
                    reading.table.chunks().map(|(_, chunks)| chunks.iter().map(|chunk| u64::from(chunk.rows)).sum()).collect();
                prop_assert!(chunks.iter().all(|rows| *rows == reading.table.rows()));
            }
        }
    }

    #[test]
    fn arbitrary_json_never_panics(text in "[\\[\\]{}0-9eE.,:\"a-z -]{0,200}") {
        let _ = read(format!("[{text}]").as_bytes(), &Options::default());
    }
}
