use super::*;
use compute::{Chunk, SinkError};

const OFX: &str = "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>4711</BANKACCTFROM><BANKTRANLIST>\
    <STMTTRN><DTPOSTED>20250131<TRNAMT>-61.40<FITID>1<NAME>Caf\u{E9}</STMTTRN>\n\
    <STMTTRN><DTPOSTED>20250231<TRNAMT>1<FITID>2</STMTTRN>\n\
    <STMTTRN><DTPOSTED>20250201<TRNAMT>2<FITID>1</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>";

fn wish(content: &str) -> NewDataset {
    NewDataset { content: Some(content.to_owned()), tag: "account".to_owned(), ..NewDataset::default() }
}

/// Chunks that nobody looks at.
struct Nowhere;

impl Sink for Nowhere {
    fn put(&mut self, _: usize, _: Chunk) -> Result<(), SinkError> {
        Ok(())
    }
}

fn understood(mut wish: NewDataset) -> Result<Parsed, String> {
    let file = content_of(&mut wish);
    let read = |file: Vec<u8>| parse(std::sync::Arc::new(file), wish, AccountKey::new([1; 32]), &mut Nowhere);
    file.and_then(read).map_err(|error| error.to_string())
}

#[test]
fn a_statement_is_understood_with_its_notes_and_without_its_bad_rows() {
    let refused = understood(wish(OFX)).err().unwrap();
    assert_eq!(
        refused,
        "content: transaction 2 (line 2): 20250231 is not a date (“DTPOSTED”); correct it, or skip bad rows"
    );
    let parsed = understood(NewDataset { skip_bad_rows: true, ..wish(OFX) }).unwrap();
    assert_eq!((parsed.format, parsed.rows), (Format::Ofx, 2));
    assert_eq!(parsed.skipped, [2]);
    assert_eq!(parsed.left_out, ["transaction 2 (line 2): 20250231 is not a date (“DTPOSTED”)"]);
    assert_eq!(parsed.notes.len(), 1, "an id came twice: {:?}", parsed.notes);
}

#[test]
fn what_is_no_utf_8_comes_as_base64() {
    let latin: Vec<u8> = OFX.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let base64 =
        |content: String| NewDataset { content: None, content_base64: Some(content), skip_bad_rows: true, ..wish("") };
    let parsed = understood(base64(BASE64.encode(&latin))).unwrap();
    assert_eq!((parsed.rows, parsed.notes.len()), (2, 2));
    assert!(parsed.notes.contains(&"it was read as windows-1252".to_owned()));
    let refused = understood(base64("a_b".to_owned())).err().unwrap();
    assert!(refused.starts_with("content_base64: it is not base64 ("), "{refused}");
    for both in
        [NewDataset { content: None, ..wish("") }, NewDataset { content_base64: Some("MQ==".to_owned()), ..wish("1") }]
    {
        let refused = understood(both).err().unwrap();
        assert_eq!(refused, "content: send the file either as content or as content_base64");
    }
    let large = understood(wish(&" ".repeat(FILE_BYTES + 1))).err().unwrap();
    assert_eq!(large, "content: the file is larger than 16 MiB; split it");
}

#[test]
fn words_that_are_none_of_those_known_are_refused_with_those_that_are() {
    let reading = |reading: Reading| NewDataset { reading, ..wish("date,amount\n2025-01-31,1\n") };
    let map = |part: &str| vec![Mapping { part: part.to_owned(), column: "date".to_owned() }];
    for (wish, expected) in [
        (
            NewDataset { format: Some("xlsx".to_owned()), ..wish("1") },
            "format: \"xlsx\" is not known; known are csv, json, parquet, ofx, qif, camt.053, mt940, espi, plaid, fdx",
        ),
        (
            reading(Reading { map: map("day"), ..Reading::default() }),
            "map: \"day\" is no part; parts are date, amount, debit, credit, currency, description, counterparty, \
             balance, account",
        ),
        (
            reading(Reading { currency: Some("euro".to_owned()), ..Reading::default() }),
            "currency: three letters, such as EUR",
        ),
        (
            reading(Reading { map: map("date"), ..Reading::default() }),
            "content: the map names no amount; say which column it is: amount=COLUMN, or debit=COLUMN and credit=COLUMN",
        ),
    ] {
        assert_eq!(understood(wish).err().unwrap(), expected);
    }
}

#[test]
fn columns_that_are_named_make_transactions_of_a_file() {
    let map = [("date", "Tag"), ("amount", "Betrag")]
        .map(|(part, column)| Mapping { part: part.into(), column: column.into() });
    let reading = Reading { map: map.into(), currency: Some("eur".to_owned()), ..Reading::default() };
    let parsed = understood(NewDataset { reading, ..wish("Tag;Betrag\n31.01.2025;-61,40\n") }).unwrap();
    let names: Vec<&str> = parsed.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["date", "amount", "currency", "description", "counterparty", "balance", "account"]);
}
