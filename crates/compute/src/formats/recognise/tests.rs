use super::*;
use crate::formats::{Options, read};

fn refusal(bytes: &[u8]) -> String {
    read(bytes, &Options::default()).unwrap_err().to_string()
}

#[test]
fn a_format_is_known_by_its_content() {
    for (text, format) in [
        ("OFXHEADER:100\nDATA:OFXSGML\n<OFX>", Format::Ofx),
        ("\r\n\r\n<OFX>", Format::Ofx),
        ("<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\"?><ofx>", Format::Ofx),
        ("\n!Type:Bank\nD1/1/2025", Format::Qif),
        ("!Account\nNx\n^\n", Format::Qif),
        (":20:x\r\n:25:1\r\n:60F:", Format::Mt940),
        ("{1:F01X}{2:O940}{4:\n:20:x\n:25:1", Format::Mt940),
        ("0000 01BANK\n940 00\n:20:x\n:25:1\n", Format::Mt940),
        ("<?xml?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">", Format::Camt053),
        ("<feed xmlns:espi='http://naesb.org/espi'>", Format::Espi),
        ("{\"accounts\": [], \"transactions\": []}", Format::Plaid),
        ("{\"transactions\": [{\"depositTransaction\": {}}]}", Format::Fdx),
        ("{\"a\": 1}", Format::Json),
        ("[1]", Format::Json),
        ("date,amount", Format::Csv),
    ] {
        assert_eq!(recognise(text.as_bytes()).unwrap(), format, "{text}");
    }
}

#[test]
fn what_is_packed_or_printed_is_refused_by_name_with_what_to_do() {
    for (bytes, what) in [
        (&b"PK\x03\x04\x14\x00"[..], "this is a ZIP archive or a spreadsheet; unpack it first"),
        (b"\x1F\x8B\x08\x00", "this is packed by gzip; unpack it first"),
        (b"BZh91AY", "this is packed by bzip2; unpack it first"),
        (b"%PDF-1.4", "this is a PDF, made to be looked at; ask your bank or program for an export: "),
        (b"<!DOCTYPE html><html>", "this is a web page, made to be looked at"),
        (
            b"<?xml version='1.0'?>\n<svg><path/></svg>",
            "this is XML of a kind that is not read here (it begins with <svg>)",
        ),
        (b"\x00\x01\x02", "this is none of the formats that are read here (delimited text (CSV), "),
    ] {
        let refused = refusal(bytes);
        assert!(refused.starts_with(what), "{refused}");
    }
}

#[test]
fn a_format_that_was_named_is_not_guessed_again() {
    let named = Options { format: Some(Format::Ofx), ..Options::default() };
    let refused = read(b"date,amount\n2021-01-01,1\n", &named).unwrap_err().to_string();
    assert_eq!(refused, "this is not OFX; leave the format out, and it is recognised");
    let packed = read(b"PK\x03\x04", &named).unwrap_err().to_string();
    assert!(packed.starts_with("this is a ZIP archive"), "{packed}");
}
