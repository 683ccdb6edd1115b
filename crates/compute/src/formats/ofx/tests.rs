//! Numbers and sums of the real files were counted apart from this crate: Python's `re` cut each file at
//! `<STMTTRN>…</STMTTRN>` and its `decimal` added up what follows `<TRNAMT>`; the texts were copied by hand.

use crate::formats::{
    DecimalMark, Format, Options, ReadError, Reading, read,
    testing::{amounts, notes, options, read_as_node, refusal, rows, skipped, skipping},
};

macro_rules! statement {
    ($name:literal) => {
        include_bytes!(concat!("../../../../../tests/data/statements/", $name))
    };
}

/// Sum of the amounts, in cents; every one of these files keeps two digits.
fn cents(reading: &Reading) -> i128 {
    amounts(reading).iter().map(|amount| amount.replace('.', "").parse::<i128>().unwrap()).sum()
}

/// Date, amount, currency, description, counterparty and balance of every row.
fn told(reading: &Reading) -> Vec<String> {
    rows(reading).iter().map(|row| row[..6].join("|")).collect()
}

#[test]
fn statements_of_real_banks_have_their_transactions_and_sums() {
    for (bytes, transactions, sum) in [
        (&statement!("anzcc.ofx")[..], 1, -550),
        (statement!("bank_medium.ofx"), 3, -34_527),
        (statement!("checking.ofx"), 3, -5_950),
        (statement!("ofx-v102-empty-tags.ofx"), 1, 1_234),
        (statement!("suncorp.ofx"), 1, -1_685),
        (statement!("bad/empty_balance.ofx"), 1, 12_000),
    ] {
        let reading = read_as_node(bytes).unwrap();
        assert_eq!((reading.table.rows(), cents(&reading)), (transactions, sum));
        assert_eq!((reading.format, reading.skipped_rows), (Format::Ofx, 0));
        assert_eq!(notes(&reading), [""; 0]);
    }
}

#[test]
fn rows_of_real_banks_say_what_the_banks_said() {
    assert_eq!(told(&read_as_node(statement!("anzcc.ofx")).unwrap()), ["2017-05-08|-5.50|AUD|SOME MEMO||"]);
    assert_eq!(
        told(&read_as_node(statement!("bank_medium.ofx")).unwrap()),
        [
            "2009-04-01|-6.60|CAD|POS MERCHANDISE;MCDONALD'S #112|MCDONALD'S #112|",
            "2009-04-02|-316.67|CAD|MISCELLANEOUS PAYMENTS;Joe's Bald Hairstyles|Joe's Bald Hairstyles|",
            "2009-04-03|-22.00|CAD|POS MERCHANDISE;CONNIE'S HAIR D|CONNIE'S HAIR D|",
        ]
    );
    assert_eq!(
        told(&read_as_node(statement!("suncorp.ofx")).unwrap()),
        ["2013-12-15|-16.85|AUD|EFTPOS WDL HANDYWAY ALDI STORE GEELONG WEST VICAU|EFTPOS WDL HANDYWAY ALDI STORE|"]
    );
    assert_eq!(
        told(&read_as_node(statement!("ofx-v102-empty-tags.ofx")).unwrap()),
        ["2018-05-07|12.34|AUD|CBA:Transfer||123.45"]
    );
}

#[test]
fn real_files_without_a_transaction_are_refused_in_words() {
    for bytes in [&statement!("bank_small.ofx")[..], statement!("multiple_accounts.ofx")] {
        assert_eq!(
            refusal(bytes),
            "there are no booked transactions in this file; choose a longer period when you export it"
        );
    }
}

#[test]
fn bad_files_are_refused_with_the_line_of_the_first_bad_transaction() {
    assert_eq!(
        refusal(statement!("bad/date_missing.ofx")),
        "transaction 1 (line 33): it has no “DTPOSTED” (and 2 more bad rows); correct it, or skip bad rows"
    );
    assert_eq!(
        refusal(statement!("bad/decimal_error.ofx")),
        "transaction 1 (line 34): 201120000000 is not a date (“DTPOSTED”); correct it, or skip bad rows"
    );
    let skipped = read(statement!("bad/date_missing.ofx"), &skipping()).unwrap_err().to_string();
    assert_eq!(
        skipped,
        "no row can be read; the first, transaction 1 (line 33): it has no “DTPOSTED” (and 2 more bad rows)"
    );
}

/// One statement around these transactions.
fn bank(transactions: &str) -> String {
    format!(
        "OFXHEADER:100\nDATA:OFXSGML\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR\n\
         <BANKACCTFROM><BANKID>1<ACCTID>22<ACCTTYPE>CHECKING</BANKACCTFROM>\n<BANKTRANLIST>\n{transactions}</BANKTRANLIST>\
         </STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )
}

fn transaction(date: &str, amount: &str, id: &str) -> String {
    format!("<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{date}<TRNAMT>{amount}<FITID>{id}<NAME>x</STMTTRN>\n")
}

#[test]
fn exactly_the_faulty_transactions_are_left_out_and_each_is_reported() {
    let all = [
        transaction("20210101", "1.00", "1"),
        transaction("20210231", "2.00", "2"),
        transaction("20210103", "4.00", "3"),
        transaction("20210104", "1e9", "4"),
        transaction("20210105", "8,00", "5"),
        transaction("20210106", "", "6"),
        transaction("00010101", "1", "7"),
    ];
    let text = bank(&all.concat());
    let reading = read(text.as_bytes(), &skipping()).unwrap();
    assert_eq!(amounts(&reading), ["1.00", "4.00", "8.00"]);
    assert_eq!(
        skipped(&reading),
        [
            "transaction 2 (line 10): 20210231 is not a date (“DTPOSTED”)",
            "transaction 4 (line 12): 1e9 is not an amount (“TRNAMT”)",
            "transaction 6 (line 14): it has no “TRNAMT”",
            "transaction 7 (line 15): 00010101 is not a date (“DTPOSTED”)",
        ]
    );
}

#[test]
fn elements_that_are_not_closed_and_aggregates_that_are_not_end_where_the_next_begins() {
    let text = bank(
        "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20210101<TRNAMT>-1<NAME>Rock & Roll <3\n<MEMO>\n\
         <STMTTRN><DTPOSTED>20210102</DTPOSTED><TRNAMT>-2<PAYEE><NAME>Jane &amp; Co<CITY>Paris</PAYEE><MEMO/></STMTTRN>\n\
         <stmttrn><dtposted>20210103<trnamt>-3<currency><currate>1.1<cursym>USD</stmttrn>",
    );
    assert_eq!(
        told(&read_as_node(text.as_bytes()).unwrap()),
        [
            "2021-01-01|-1.00|EUR|Rock & Roll <3|Rock & Roll <3|",
            "2021-01-02|-2.00|EUR|Jane & Co|Jane & Co|",
            "2021-01-03|-3.00|USD|||",
        ]
    );
}

#[test]
fn accounts_are_told_apart_and_never_stored_in_clear() {
    let one = |account: &str| {
        format!(
            "<CCSTMTTRNRS><CCSTMTRS><CURDEF>USD<CCACCTFROM><ACCTID>{account}</CCACCTFROM><BANKTRANLIST>{}</BANKTRANLIST>\
             </CCSTMTRS></CCSTMTTRNRS>",
            transaction("20210101", "-1", "1")
        )
    };
    let text = format!(
        "<OFX><CREDITCARDMSGSRSV1>{}{}{}</CREDITCARDMSGSRSV1></OFX>",
        one("4111111111111111"),
        one("4222222222222222"),
        one("4111111111111111")
    );
    let reading = read_as_node(text.as_bytes()).unwrap();
    let accounts: Vec<String> = rows(&reading).into_iter().map(|row| row[6].clone()).collect();
    assert!(accounts[0] == accounts[2] && accounts[0] != accounts[1] && accounts[0].len() == 16);
    assert_eq!(
        notes(&reading),
        [
            "transaction 3 (line 3) has the id of transaction 1 (line 1); both are kept, so look whether it is the same one twice"
        ]
    );
    let (_, chunks) = reading.table.into_parts();
    for chunk in chunks.into_iter().flatten() {
        assert!(!chunk.bytes.windows(8).any(|window| window == b"41111111" || window == b"42222222"));
    }
}

#[test]
fn pending_investments_and_corrections_are_said() {
    let text = bank(&transaction("20210101", "-1", "1")).replace(
        "</BANKTRANLIST>",
        "<STMTTRN><DTPOSTED>20210102<TRNAMT>-2<FITID>2<CORRECTFITID>1<CORRECTACTION>REPLACE</STMTTRN></BANKTRANLIST>\n\
         <BANKTRANLISTP><DTASOF>20210103<STMTTRNP><DTTRAN>20210103<TRNAMT>-9</STMTTRNP></BANKTRANLISTP>\n",
    );
    let invested = "<INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><INVTRANLIST><INVBANKTRAN><STMTTRN><DTPOSTED>20210101\
                    <TRNAMT>99</STMTTRN></INVBANKTRAN></INVTRANLIST></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>";
    let text = text.replace("</BANKMSGSRSV1>", &format!("</BANKMSGSRSV1>\n{invested}"));
    let reading = read_as_node(text.as_bytes()).unwrap();
    assert_eq!(amounts(&reading), ["-1.00", "-2.00"]);
    assert_eq!(
        notes(&reading),
        [
            "transaction 2 (line 10) corrects an earlier transaction; both are kept",
            "line 13: a section on investments (INVSTMTMSGSRSV1) is not read",
            "1 pending transaction is left out",
        ]
    );
}

#[test]
fn old_characters_are_read_as_the_header_says() {
    let text = bank(&transaction("20210101", "-1", "1")).replace("<NAME>x", "<NAME>Caf\u{1}");
    let latin: Vec<u8> = text.bytes().map(|byte| if byte == 1 { 0xE9 } else { byte }).collect();
    let reading = read_as_node(&latin).unwrap();
    assert_eq!(told(&reading), ["2021-01-01|-1.00|EUR|Café|Café|"]);
    assert_eq!(notes(&reading), ["it was read as windows-1252"]);
    for (from, to, expected) in [
        ("CHARSET:1252", "CHARSET:1251", Ok("Cafй")),
        ("CHARSET:1252", "CHARSET:ISO-8859-1", Ok("Café")),
        ("CHARSET:1252", "CHARSET:NONE", Ok("Café")),
        ("ENCODING:USASCII", "ENCODING:UTF-8", Err("line 9 is not UTF-8 text; save the file with the encoding UTF-8")),
    ] {
        let stated = [(from.as_bytes(), to.as_bytes())].into_iter().fold(latin.clone(), |bytes, (from, to)| {
            let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
            [&bytes[..at], to, &bytes[at + from.len()..]].concat()
        });
        let read = read_as_node(&stated).map(|reading| rows(&reading)[0][4].clone());
        assert_eq!(read.as_deref().map_err(ToString::to_string), expected.map_err(str::to_owned), "{to}");
    }
}

#[test]
fn a_lone_mark_before_three_digits_is_asked_about() {
    let text = bank(&transaction("20210101", "-1,234", "1"));
    assert!(refusal(text.as_bytes()).contains("say which mark is the decimal one"));
    let told = Options { decimal_mark: Some(DecimalMark::Point), ..options() };
    assert_eq!(amounts(&read(text.as_bytes(), &told).unwrap()), ["-1234.00"]);
}

#[test]
fn a_file_that_breaks_off_is_refused_wherever_it_does() {
    let text = bank(&transaction("20210101", "-1", "1"));
    let begins = text.find("<OFX>").unwrap() + 5;
    for end in begins..text.trim_end().len() {
        let refused = read_as_node(&text.as_bytes()[..end]);
        assert!(refused.is_err(), "{}", &text[..end]);
    }
    assert_eq!(
        refusal(&text.as_bytes()[..text.find("<FITID>").unwrap()]),
        "line 9: the file ends within <STMTTRN>, so a part of it is missing; download it again"
    );
}

#[test]
fn absurd_files_are_read_or_refused_in_bounds() {
    let deep = format!("<OFX>{}", "<A>".repeat(300_000));
    assert!(matches!(read_as_node(deep.as_bytes()), Err(ReadError::CutOff { .. })));
    let nested = format!("<OFX>{}", "<STMTTRN><PAYEE>".repeat(50_000));
    assert!(matches!(read_as_node(nested.as_bytes()), Err(ReadError::CutOff { .. })));
    let one_tag = format!("<OFX><{}></OFX>", "A".repeat(10 << 20));
    assert_eq!(refusal(one_tag.as_bytes()), "line 1: a tag is longer than 4096 bytes");
    let one_name =
        bank(&transaction("20210101", "-1", "1")).replace("<NAME>x", &format!("<NAME>{}", "x".repeat(10 << 20)));
    assert!(refusal(one_name.as_bytes()).contains("a text of"));
    let huge = bank(&transaction("20210101", &"9".repeat(10 << 20), "1"));
    assert!(refusal(huge.as_bytes()).contains("has more than 28 digits"));
}
