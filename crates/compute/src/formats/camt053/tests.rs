//! The samples are made up.

use crate::formats::{
    Format, Options, read,
    testing::{amounts, notes, options, read_as_node, refusal, rows, skipped, skipping},
};

/// An entry on a day of January 2025.
fn entry(amount: &str, direction: &str, day: u8, more: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts>BOOK</Sts>\
         <BookgDt><Dt>2025-01-{day:02}</Dt></BookgDt>{more}</Ntry>\n"
    )
}

fn balance(kind: &str, amount: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
    )
}

fn statement(version: &str, entries: &str, closing: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}\">\n\
         <BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id>\
         <Ccy>EUR</Ccy></Acct>{}{}\n{entries}</Stmt></BkToCstmrStmt></Document>\n",
        balance("PRCD", "100.00"),
        balance("CLBD", closing)
    )
}

fn told(text: &str) -> Vec<String> {
    rows(&read_as_node(text.as_bytes()).unwrap()).iter().map(|row| row[..6].join("|")).collect()
}

fn details(inside: &str) -> String {
    format!("<NtryDtls><TxDtls>{inside}</TxDtls></NtryDtls>")
}

#[test]
fn entries_become_transactions_with_the_balance_after_each() {
    let out = details(
        "<RltdPties><Dbtr><Nm>Jack</Nm></Dbtr><Cdtr><Nm>Stadtwerke</Nm></Cdtr></RltdPties>\
         <RmtInf><Ustrd>Abschlag</Ustrd><Ustrd>Januar &amp; Februar</Ustrd></RmtInf>",
    );
    let entries = entry("61.40", "DBIT", 31, &out) + &entry("5", "CRDT", 31, "<AddtlNtryInf>Zinsen</AddtlNtryInf>");
    let text = statement("02", &entries, "43.60");
    assert_eq!(
        told(&text),
        ["2025-01-31|-61.40|EUR|Abschlag Januar & Februar|Stadtwerke|38.60", "2025-01-31|5.00|EUR|Zinsen||43.60"]
    );
    let reading = read_as_node(text.as_bytes()).unwrap();
    assert_eq!((reading.format, notes(&reading)), (Format::Camt053, vec![]));
    assert_eq!(rows(&reading)[0][6].len(), 16);
}

#[test]
fn later_versions_move_the_status_and_the_name() {
    let party = details("<RltdPties><Dbtr><Pty><Nm>Werk GmbH</Nm></Pty></Dbtr></RltdPties>");
    let entries = entry("7.5", "CRDT", 2, &party).replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>")
        + &entry("9", "CRDT", 3, "").replace("<Sts>BOOK</Sts>", "<Sts><Cd>PDNG</Cd></Sts>");
    for version in ["08", "13"] {
        let reading = read_as_node(statement(version, &entries, "107.5").as_bytes()).unwrap();
        assert_eq!(rows(&reading)[0][..6].join("|"), "2025-01-02|7.50|EUR||Werk GmbH|107.50");
        assert_eq!(notes(&reading), ["1 pending transaction is left out"]);
    }
    let prefixed = statement("02", &entry("1", "CRDT", 2, ""), "101")
        .replace('<', "<n:")
        .replace("<n:/", "</n:")
        .replace("<n:?", "<?")
        .replace("xmlns=", "xmlns:n=");
    assert_eq!(told(&prefixed), ["2025-01-02|1.00|EUR|||101.00"]);
}

#[test]
fn a_reversal_keeps_its_direction_and_swaps_the_parties() {
    let more = format!(
        "<RvslInd>true</RvslInd>{}",
        details("<RltdPties><Dbtr><Nm>Jack</Nm></Dbtr><Cdtr><Nm>Shop</Nm></Cdtr></RltdPties>")
    );
    assert_eq!(told(&statement("02", &entry("10", "CRDT", 5, &more), "110")), ["2025-01-05|10.00|EUR||Shop|110.00"]);
}

#[test]
fn a_batch_becomes_its_payments_where_they_add_up() {
    let payment = |amount: &str, currency: &str, name: &str| {
        format!(
            "<TxDtls><AmtDtls><TxAmt><Amt Ccy=\"{currency}\">{amount}</Amt></TxAmt></AmtDtls>\
             <RltdPties><Cdtr><Nm>{name}</Nm></Cdtr></RltdPties></TxDtls>"
        )
    };
    let batch = |payments: &str| entry("30.00", "DBIT", 7, &format!("<NtryDtls>{payments}</NtryDtls>"));
    let all = payment("10.00", "EUR", "A") + &payment("20.00", "EUR", "B");
    assert_eq!(
        told(&statement("02", &batch(&all), "70")),
        ["2025-01-07|-10.00|EUR||A|90.00", "2025-01-07|-20.00|EUR||B|70.00"]
    );
    for payments in
        [payment("10", "EUR", "A") + &payment("19", "EUR", "B"), payment("10", "EUR", "A") + &payment("20", "USD", "B")]
    {
        assert_eq!(told(&statement("02", &batch(&payments), "70")), ["2025-01-07|-30.00|EUR|||70.00"]);
    }
}

#[test]
fn exactly_the_faulty_entries_are_left_out() {
    let entries = entry("1.00", "CRDT", 1, "")
        + &entry("1,00", "CRDT", 2, "")
        + &entry("1.00", "CREDIT", 3, "")
        + &entry("1.00", "CRDT", 99, "")
        + &entry("1.00", "CRDT", 4, "").replace("<BookgDt><Dt>2025-01-04</Dt></BookgDt>", "")
        + &entry("2.00", "DBIT", 5, "");
    let text = statement("02", &entries, "99");
    let reading = read(text.as_bytes(), &skipping()).unwrap();
    assert_eq!(amounts(&reading), ["1.00", "-2.00"]);
    assert_eq!(
        skipped(&reading),
        [
            "transaction 2 (line 5): 1,00 is not a number (“Amt”)",
            "transaction 3 (line 6): CREDIT is not CRDT or DBIT (“CdtDbtInd”)",
            "transaction 4 (line 7): 2025-01-99 is not a date (“BookgDt”)",
            "transaction 5 (line 8): it has no “BookgDt”",
        ]
    );
    assert!(rows(&reading).iter().all(|row| row[5].is_empty()));
}

#[test]
fn a_statement_that_does_not_add_up_is_said() {
    let reading = read_as_node(statement("02", &entry("1", "CRDT", 1, ""), "100").as_bytes()).unwrap();
    assert_eq!(
        notes(&reading),
        ["line 3: the transactions do not add up to the change of the balance; no balances are kept of this statement"]
    );
}

#[test]
fn relatives_of_a_statement_are_refused_by_name() {
    let text = statement("02", &entry("1", "CRDT", 1, ""), "101");
    assert_eq!(
        refusal(text.replace("camt.053.", "camt.052.").as_bytes()),
        "this is a report of the day (camt.052), which may still change; ask your bank for a statement: camt.053"
    );
    let named = Options { format: Some(Format::Camt053), ..options() };
    assert!(read(b"<a/>", &named).unwrap_err().to_string().starts_with("this is not camt.053"));
}

#[test]
fn broken_and_absurd_files_are_refused_in_bounds() {
    let text = statement("02", &entry("1", "CRDT", 1, ""), "101");
    let root = text.find("<Document").unwrap();
    for end in root..text.trim_end().len() {
        assert!(read_as_node(&text.as_bytes()[..end]).is_err(), "{}", &text[..end]);
    }
    let cut = refusal(&text.as_bytes()[..text.find("<Sts>").unwrap()]);
    assert_eq!(cut, "line 4: the file ends within <Ntry>, so a part of it is missing; download it again");
    let bomb = text.replacen("<Document", "<!DOCTYPE d [<!ENTITY a \"aaaa\">]><Document", 1);
    assert!(refusal(bomb.as_bytes()).contains("a document type (DOCTYPE) is not taken"));
    let entity = statement("02", &entry("1", "CRDT", 1, "<AddtlNtryInf>&a;</AddtlNtryInf>"), "101");
    assert_eq!(refusal(entity.as_bytes()), "line 4: the entity &a; is not known");
    let deep = statement("02", &entry("1", "CRDT", 1, &("<a>".repeat(100_000) + &"</a>".repeat(100_000))), "101");
    assert_eq!(refusal(deep.as_bytes()), "line 4: elements are nested too deeply");
    let long = statement("02", &entry("1", "CRDT", 1, &format!("<{}/>", "a".repeat(10 << 20))), "101");
    assert_eq!(refusal(long.as_bytes()), "line 4: a tag is longer than 4096 bytes");
    let many = statement("02", &entry("1", "CRDT", 1, &"<a/>".repeat(500_001)), "101");
    assert_eq!(refusal(many.as_bytes()), "line 4: one record holds too many elements");
    let latin: Vec<u8> = statement("02", &entry("1", "CRDT", 1, "<AddtlNtryInf>\u{1}</AddtlNtryInf>"), "101")
        .replace("UTF-8", "ISO-8859-15")
        .bytes()
        .map(|byte| if byte == 1 { 0xA4 } else { byte })
        .collect();
    assert_eq!(rows(&read_as_node(&latin).unwrap())[0][3], "€");
    let wrong: Vec<u8> = text.bytes().map(|byte| if byte == b'1' { 0xA4 } else { byte }).collect();
    assert!(refusal(&wrong).ends_with("is not UTF-8 text; save the file with the encoding UTF-8"));
}
