use super::*;
use crate::{
    Table,
    formats::{self, Options},
};

const KEY: [u8; 32] = [1; 32];

fn of(file: &str) -> Commitment {
    content(&table(file), &KEY).unwrap()
}

fn table(file: &str) -> Table {
    formats::read(file.as_bytes(), &Options::default()).unwrap().table
}

#[test]
fn the_table_of_the_vectors_has_the_content_that_they_state() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/protocol/vectors/voucher.json");
    let vector: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let file = "date,amount,supplier,paid\n2025-01-31,61.40,\"Énergie \"\"A\"\"\",true\n2025-02-28,-0.05,,false\n";
    let key: Vec<u8> = (0..32).map(|at| 0xC1 + at).collect();
    let made = content(&table(file), &key.try_into().unwrap()).unwrap();
    assert_eq!(made.to_string(), vector["content"].as_str().unwrap());
}

#[test]
fn a_file_that_was_saved_anew_has_the_same_content() {
    let file = "date,amount,note\n2025-01-31,61.40,a\n2025-02-28,58.00,b c\n";
    let saved = [
        "\"date\",\"amount\",\"note\"\r\n\"2025-01-31\",\"61.4\",\"a\"\r\n\"2025-02-28\",\"58\",\"b c\"\r\n",
        "date;amount;note\n31.01.2025;61,4;a\n28.02.2025;58;b c\n",
        r#"[{"date":"2025-01-31","amount":61.4,"note":"a"},{"date":"2025-02-28","amount":58.0,"note":"b c"}]"#,
    ];
    for other in saved {
        assert_eq!(of(file), of(other), "{other}");
    }
}

#[test]
fn any_cell_changed_and_any_row_or_column_moved_lost_or_doubled_has_another_content() {
    let rows = [
        ["2025-01-31", "61.40", "gas", "true"],
        ["2025-02-28", "58.15", "power", "false"],
        ["2025-03-31", "0", "", "true"],
    ];
    let head = ["date", "amount", "kind", "paid"];
    let file = |head: &[&str], rows: &[Vec<&str>]| {
        let lines = [head.join(",")].into_iter().chain(rows.iter().map(|row| row.join(",")));
        lines.collect::<Vec<_>>().join("\n") + "\n"
    };
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.to_vec()).collect();
    let genuine = of(&file(&head, &rows));
    for (at, row) in rows.iter().enumerate() {
        for (column, other) in
            [(0, "2024-01-31"), (1, "61.41"), (2, "rent"), (3, if row[3] == "true" { "false" } else { "true" })]
        {
            let mut changed = rows.clone();
            changed[at][column] = other;
            assert_ne!(genuine, of(&file(&head, &changed)), "row {at}, column {column}");
            changed[at][column] = "";
            if !row[column].is_empty() {
                assert_ne!(genuine, of(&file(&head, &changed)), "row {at}, column {column} emptied");
            }
        }
        let (mut lost, mut doubled, mut moved) = (rows.clone(), rows.clone(), rows.clone());
        lost.remove(at);
        doubled.insert(at, row.clone());
        moved.rotate_left(1 + at % 2);
        for other in [lost, doubled, moved] {
            assert_ne!(genuine, of(&file(&head, &other)), "row {at}");
        }
    }
    assert_ne!(genuine, of(&file(&["day", "amount", "kind", "paid"], &rows)), "another name of a column");
    assert_ne!(content(&table(&file(&head, &rows)), &[2; 32]).unwrap(), genuine, "another key");
}
