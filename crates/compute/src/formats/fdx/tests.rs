//! The samples are made up.

use crate::formats::{
    Format, read,
    testing::{notes, read_as_node, refusal, rows, skipped, skipping},
};

const SAMPLE: &str = r#"{"page": {"nextOffset": null}, "transactions": [
    {"depositTransaction": {"accountId": "10001", "transactionId": "1", "postedTimestamp": "2025-01-31T08:00:00Z",
      "description": "ELECTRIC CO", "payee": "Electric Company", "debitCreditMemo": "DEBIT", "amount": 61.40, "status": "POSTED"}},
    {"depositTransaction": {"accountId": "10001", "transactionId": "2", "postedTimestamp": "2025-02-03",
      "memo": "PAYROLL", "debitCreditMemo": "CREDIT", "amount": 2500, "status": "POSTED"}},
    {"locTransaction": {"accountId": "20002", "transactionId": "1", "transactionTimestamp": "2025-02-04T00:00:00.000+01:00",
      "description": "CARD", "debitCreditMemo": "DEBIT", "amount": -5.5}},
    {"investmentTransaction": {"accountId": "3", "amount": 1}},
    {"depositTransaction": {"accountId": "10001", "amount": 1, "status": "PENDING"}}]}"#;

fn told(text: &str) -> Vec<String> {
    rows(&read_as_node(text.as_bytes()).unwrap()).iter().map(|row| row[..6].join("|")).collect()
}

#[test]
fn the_direction_is_in_the_memo_and_only_what_is_posted_is_read() {
    assert_eq!(
        told(SAMPLE),
        [
            "2025-01-31|-61.40||ELECTRIC CO|Electric Company|",
            "2025-02-03|2500.00||PAYROLL||",
            "2025-02-04|-5.50||CARD||",
        ]
    );
    let reading = read_as_node(SAMPLE.as_bytes()).unwrap();
    assert_eq!(reading.format, Format::Fdx);
    assert_eq!(notes(&reading), ["item 4: investmentTransaction is not read", "1 pending transaction is left out"]);
    let accounts: Vec<String> = rows(&reading).into_iter().map(|row| row[6].clone()).collect();
    assert!(accounts[0] == accounts[1] && accounts[0] != accounts[2]);
}

#[test]
fn version_five_has_no_inner_name() {
    let text = r#"{"transactions": [{"accountCategory": "DEPOSIT_ACCOUNT", "accountId": "1", "transactionId": "1",
        "postedTimestamp": "2025-01-31T08:00:00Z", "description": "x", "debitCreditMemo": "CREDIT", "amount": 3.25,
        "currency": {"currencyCode": "USD"}}]}"#;
    assert_eq!(told(text), ["2025-01-31|3.25|USD|x||"]);
}

#[test]
fn a_transaction_without_a_direction_is_faulty() {
    let text = SAMPLE.replace("\"debitCreditMemo\": \"CREDIT\", ", "").replace("2025-01-31T", "2025-13-31T");
    assert_eq!(
        refusal(text.as_bytes()),
        "item 1: 2025-13-31T08:00:00Z is not a date (“postedTimestamp”) (and 1 more bad row); correct it, or skip bad rows"
    );
    let reading = read(text.as_bytes(), &skipping()).unwrap();
    assert_eq!(reading.table.rows(), 1);
    assert_eq!(skipped(&reading)[1], "item 2: it has no “debitCreditMemo”");
    let memo = SAMPLE.replacen("\"DEBIT\"", "\"MEMO\"", 1);
    assert!(refusal(memo.as_bytes()).starts_with("item 1: MEMO is not DEBIT or CREDIT (“debitCreditMemo”)"));
}

#[test]
fn a_file_that_breaks_off_is_refused() {
    for end in (1..SAMPLE.len() - 1).step_by(7) {
        assert!(read_as_node(&SAMPLE.as_bytes()[..end]).is_err(), "{}", &SAMPLE[..end]);
    }
}
