use super::*;
use crate::{
    content::content,
    formats::{self, Options},
};
use protocol::{ColumnType, Date};

fn column(name: &str, of: ColumnType) -> Column {
    Column { name: name.parse().unwrap(), of }
}

fn ledger() -> Vec<Column> {
    vec![
        column("date", ColumnType::Date),
        column("amount", ColumnType::Decimal(2)),
        column("currency", ColumnType::Text),
        column("description", ColumnType::Text),
        column("counterparty", ColumnType::Text),
        column("balance", ColumnType::Decimal(2)),
        column("account", ColumnType::Text),
        column("pending", ColumnType::Boolean),
        column("count", ColumnType::Integer),
    ]
}

fn file(text: &str, columns: &[Column]) -> Result<Table, MockError> {
    let text_columns = columns.iter().filter(|column| column.of == ColumnType::Text);
    let text_columns = text_columns.map(|column| column.name.to_string()).collect();
    let options = Options { text_columns, ..Options::default() };
    fitted(&formats::read(text.as_bytes(), &options).unwrap().table, columns)
}

fn hash(table: &Table) -> protocol::Commitment {
    content(table, &[0; 32]).unwrap()
}

#[test]
fn the_same_seed_makes_the_same_rows_and_another_one_others() {
    let of = |rows, seed| hash(&generated(&ledger(), rows, seed).unwrap());
    assert_eq!(of(24, 1), of(24, 1));
    assert_ne!(of(24, 1), of(24, 2));
    assert_ne!(of(24, 1), of(25, 1));
    // what a seed makes is promised: this value changes only with the generator
    let first = generated(&[column("amount", ColumnType::Decimal(2))], 3, 7).unwrap();
    let values: Vec<_> = View::chunks(&first, &"amount".parse().unwrap()).unwrap().collect();
    assert_eq!(crate::text::texts(values[0].as_ref().unwrap()), generated_by_hand(7));
}

/// SplitMix64 written out, and the three numbers it makes between 20.00 and 200.00.
fn generated_by_hand(seed: u64) -> Vec<Option<String>> {
    let mut state = seed;
    let mut throw = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    (0..3)
        .map(|_| {
            let _ = (throw(), throw()); // the day, and what happens
            let cents = 2000 + throw() % 18_001;
            Some(format!("{}.{:02}", cents / 100, cents % 100))
        })
        .collect()
}

#[test]
fn made_up_rows_have_every_column_of_the_dataset_and_say_that_they_are_made_up() {
    for rows in [1, 12, 365, MOCK_ROWS] {
        let table = generated(&ledger(), rows, 3).unwrap();
        assert_eq!((table.rows(), table.columns()), (rows, &ledger()[..]));
        let texts = |name: &str| {
            let chunks = View::chunks(&table, &name.parse().unwrap()).unwrap();
            chunks.flat_map(|chunk| crate::text::texts(&chunk.unwrap())).map(Option::unwrap).collect::<Vec<_>>()
        };
        for name in ["description", "counterparty", "account"] {
            assert!(texts(name).iter().all(|text| text.starts_with("mock")), "{name}");
        }
        assert!(texts("date").is_sorted());
        assert!(texts("date").first().unwrap().starts_with("2025-"));
        assert!(texts("balance").iter().all(|text| !text.starts_with('-')));
    }
    assert_eq!(Date::new(2025, 1, 1).unwrap().days(), 20_089);
    assert!(matches!(generated(&ledger(), 0, 1), Err(MockError::Rows)));
    assert!(matches!(generated(&ledger(), MOCK_ROWS + 1, 1), Err(MockError::Rows)));
    assert!(generated(&[], 1, 1).is_err());
}

#[test]
fn a_file_becomes_rows_of_the_datasets_columns_in_their_order_and_types() {
    let columns =
        [column("day", ColumnType::Date), column("amount", ColumnType::Decimal(2)), column("zip", ColumnType::Text)];
    let made = file("zip,amount,day\n01234,10,2025-01-31\n,20.5,2025-02-28\n", &columns).unwrap();
    assert_eq!((made.rows(), made.columns()), (2, &columns[..]));
    let same = file("day,amount,zip\n2025-01-31,10.00,01234\n2025-02-28,20.50,\n", &columns).unwrap();
    assert_eq!(hash(&made), hash(&same));
}

#[test]
fn a_file_of_other_columns_types_or_too_many_rows_is_refused_and_says_which() {
    let columns = [column("day", ColumnType::Date), column("amount", ColumnType::Integer)];
    let why = |text: &str| file(text, &columns).unwrap_err().to_string();
    assert!(why("day\n2025-01-31\n2025-02-28\n").contains("no column “amount”"));
    assert!(why("day,amount,more\n2025-01-31,1,2\n").contains("the dataset has no column “more”"));
    assert!(why("day,amount\n2025-01-31,1.5\n").contains("column “amount”"));
    assert!(why("day,amount\nnever,1\nagain,2\n").contains("column “day”"));
    let long = format!("day,amount\n{}", "2025-01-31,1\n".repeat(1001));
    assert!(why(&long).contains("1 to 1000 rows"));
}

#[test]
fn a_table_is_put_together_again_from_its_chunks() {
    let made = generated(&ledger(), 40, 5).unwrap();
    let before = hash(&made);
    let (columns, chunks) = made.into_parts();
    let bytes: Vec<Vec<&[u8]>> =
        chunks.iter().map(|chunks| chunks.iter().map(|chunk| chunk.bytes.as_slice()).collect()).collect();
    assert_eq!(hash(&table(columns.clone(), &bytes).unwrap()), before);
    let mut short = bytes.clone();
    short[1].clear();
    assert!(table(columns.clone(), &short).is_err());
    short[1] = vec![b"no chunk"];
    assert!(table(columns, &short).is_err());
}
