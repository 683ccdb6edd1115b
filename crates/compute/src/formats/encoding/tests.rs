use super::*;

#[test]
fn what_is_utf_8_is_that_whatever_is_stated() {
    for label in ["windows-1252", "utf-8", "klingon"] {
        let decoded = stated("Grüße".as_bytes(), label).unwrap();
        assert_eq!((&*decoded.text, decoded.encoding), ("Grüße", None), "{label}");
    }
}

#[test]
fn what_is_stated_is_believed_where_it_can_be() {
    let decoded = stated(b"Gr\xFC\xDFe \x80", "windows-1252").unwrap();
    assert_eq!((&*decoded.text, decoded.encoding), ("Grüße €", Some("windows-1252")));
    assert_eq!(&*stated(b"\xA4", "ISO-8859-15").unwrap().text, "€");
    assert_eq!(&*unstated(b"\xE9").unwrap().text, "é");
    assert!(matches!(stated(b"\n\xFC", "utf-8"), Err(ReadError::NotUtf8 { line: 2 })));
    assert!(matches!(stated(b"\xFC", "klingon"), Err(ReadError::NotUtf8 { line: 1 })));
    assert!(matches!(stated(b"\x81\x00", "shift_jis"), Err(ReadError::NotInEncoding { encoding: "Shift_JIS" })));
}

#[test]
fn xml_says_its_encoding_in_either_quotes_or_not_at_all() {
    for head in ["<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", "<?xml version='1.0' encoding = 'latin1' ?>"] {
        let bytes = [head.as_bytes(), b"<a>\xFC</a>"].concat();
        assert!(xml(&bytes).unwrap().text.ends_with("<a>ü</a>"), "{head}");
    }
    assert!(matches!(xml(b"<a encoding=\"latin1\">\n\xFC</a>"), Err(ReadError::NotUtf8 { line: 2 })));
    assert!(matches!(xml(b"<a>\n\xFC</a>"), Err(ReadError::NotUtf8 { line: 2 })));
}
