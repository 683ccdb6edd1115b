use super::*;
use proptest::prelude::*;

/// One small file of every format that is text, made up.
const SAMPLES: &[&str] = &[
    "date,amount\n2025-01-31,1.50\n2025-02-28,-2\n",
    "[{\"date\": \"2025-01-31\", \"amount\": 1.5}]",
    "OFXHEADER:100\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM>\
     <BANKTRANLIST><STMTTRN><DTPOSTED>20250131<TRNAMT>-1,50<FITID>1<NAME>a &amp; b</STMTTRN></BANKTRANLIST></STMTRS>\
     </STMTTRNRS></BANKMSGSRSV1></OFX>",
    "!Type:Bank\nD1/31'25\nT-1,061.40\nPa\n^\nD2/ 3'25\nT2\n^\n",
    ":20:x\n:25:1\n:60F:C250130EUR2,00\n:61:2501310131DR1,50N024NONREF\n:86:005?00a?20b?32c\n:62F:C250131EUR0,50\n-\n",
    "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd>\
     </CdOrPrtry></Tp><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal><Ntry><Amt Ccy=\"EUR\">1.50</Amt><CdtDbtInd>DBIT\
     </CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2025-01-31</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>",
    "<feed xmlns:e=\"http://naesb.org/espi\"><entry><content><e:ReadingType><e:uom>72</e:uom><e:powerOfTenMultiplier>-3\
     </e:powerOfTenMultiplier></e:ReadingType></content></entry><entry><content><e:IntervalBlock><e:IntervalReading><e:timePeriod>\
     <e:start>1738364400</e:start></e:timePeriod><e:value>5</e:value></e:IntervalReading></e:IntervalBlock></content></entry></feed>",
    "{\"transactions\": [{\"date\": \"2025-01-31\", \"amount\": 1.5, \"pending\": false}]}",
    "{\"transactions\": [{\"depositTransaction\": {\"postedTimestamp\": \"2025-01-31\", \"debitCreditMemo\": \"DEBIT\", \"amount\": 1}}]}",
];

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
fn every_sample_is_read_as_another_format() {
    let formats: Vec<Format> =
        SAMPLES.iter().map(|text| read(text.as_bytes(), &Options::default()).unwrap().format).collect();
    let text: Vec<Format> = Format::ALL.into_iter().filter(|format| *format != Format::Parquet).collect();
    assert!(formats.len() == text.len() && text.iter().all(|format| formats.contains(format)), "{formats:?}");
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
    fn files_with_bytes_altered_cut_or_doubled_never_panic_and_lose_no_row_unsaid(
        sample in 0..SAMPLES.len(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0_u8..4, any::<u8>(), 0_usize..40), 1..6),
    ) {
        let mut bytes = SAMPLES[sample].as_bytes().to_vec();
        for (index, kind, byte, length) in edits {
            let at = index.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            let end = (at + length).min(bytes.len());
            match kind {
                0 => bytes[at..end.min(at + 1)].fill(byte),
                1 => bytes.insert(at, byte),
                2 => drop(bytes.drain(at..end)),
                _ => { let part = bytes[at..end].to_vec(); bytes.splice(at..at, part); }
            }
        }
        let strict = read(&bytes, &Options::default());
        let skipping = read(&bytes, &Options { skip_bad_rows: true, ..Options::default() });
        match (strict, skipping) {
            (Ok(strict), Ok(skipping)) => {
                prop_assert_eq!(strict.skipped_rows + skipping.skipped_rows, 0);
                prop_assert_eq!(strict.table.rows(), skipping.table.rows());
            }
            (Ok(_), Err(error)) => prop_assert!(false, "what is read whole is refused when bad rows may go: {error}"),
            (Err(_), Ok(skipping)) => prop_assert!(skipping.skipped_rows > 0),
            (Err(_), Err(_)) => {}
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
