//! Ten million numbers: loading them from Parquet into a sealed home, and four statistics over them, against DuckDB and
//! against looking at every number once.
//!
//! Warm, the columns lie decrypted in memory, as in a node that read them some minutes ago; cold, every chunk is read from
//! the database, opened and decoded each time (the system has the file in its cache, for everybody). All engines answer in
//! turns, round by round, so that the machine's moods meet all of them.

mod duck;
mod file;
mod load;

pub(crate) use load::load;

use crate::table::{Table, middle};
use anyhow::{Context as _, ensure};
use arrow::{
    array::{Array as _, AsArray as _},
    compute::sum,
    datatypes::{Decimal64Type, Decimal128Type, Int64Type},
};
use compute::{Bounds, View as _, disclosure::Rules};
use duck::{Duck, Engine};
use node::columns::{BYTES, Columns, IDLE, StoredView};
use protocol::{Between, Comparison, Computation, Condition, Decimal, GroupBy, Name, OnColumn, Outcome, Scalar, Value};
use std::{path::Path, time::Instant};
use store::{DatasetReader, Home, Store};

/// Rows of the datasets, so that growth shows.
const ROWS: [u32; 3] = [1_000, 100_000, 10_000_000];
/// Rounds, and more of them where one is over at once.
const ROUNDS: usize = 9;
const SMALL_ROUNDS: usize = 31;
/// What loading may take.
const LOADING_MIB: f64 = 300.0;

/// What is asked, of both.
#[derive(Clone, Copy)]
struct Query {
    name: &'static str,
    sql: &'static str,
    /// Columns that it reads.
    reads: &'static [&'static str],
    /// Whether it must be no slower than DuckDB's own table, and cold no slower than ten plain scans.
    promised: bool,
}

const QUERIES: [Query; 4] = [
    Query { name: "mean", sql: "select avg(amount) from {}", reads: &["amount"], promised: true },
    Query {
        name: "filtered mean",
        sql: "select avg(amount) from {} where amount between 2500 and 7500",
        reads: &["amount"],
        promised: true,
    },
    Query {
        name: "mean by 100 groups",
        sql: "select kind, avg(amount) from {} group by kind order by kind",
        reads: &["amount", "kind"],
        promised: true,
    },
    Query { name: "median", sql: "select median(amount) from {}", reads: &["amount"], promised: false },
];

/// How our columns are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// From memory, on so many threads.
    Warm(usize),
    Cold,
    /// Arrow's sum over the decoded columns that the query reads.
    Plain,
}

/// Milliseconds of each round, by who was timed.
#[derive(Default)]
struct Times(Vec<(String, Vec<f64>)>);

/// All sizes.
pub(crate) fn measure(python: &Path, table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    for rows in ROWS {
        let file = folder.path().join(format!("{rows}.parquet"));
        file::write(&file, rows)?;
        let home = folder.path().join(format!("home-{rows}"));
        let loaded = load::in_a_process_of_its_own(&file, &home)?;
        let size = format!("{:.1} s", loaded.seconds);
        let memory = loaded.peak_mib.map_or_else(|| "not told here".to_owned(), |mib| format!("{mib:.0} MiB"));
        table.add(&format!("{rows} rows from Parquet into the sealed store"), size, "");
        let what = format!("  memory while loading {rows} rows, at most");
        match loaded.peak_mib {
            Some(mib) => table.accept(&what, memory, "< 300 MiB", mib < LOADING_MIB),
            None => table.add(&what, memory, ""),
        }
        let store = Store::open(&Home::new(&home), None)?;
        let id = *store.dataset_ids()?.first().context("nothing was stored")?;
        let mut scan = Scan { rows, reader: store.read_dataset(id)?, columns: Columns::new(BYTES, IDLE) };
        let mut duck = Duck::start(python, &file)?;
        if rows == ROWS[0]
            && let Err(why) = &duck
        {
            table.add("DuckDB", "left out", why);
        }
        scan.compare(duck.as_mut().ok(), table)?;
    }
    Ok(())
}

/// One dataset.
struct Scan {
    rows: u32,
    reader: DatasetReader,
    columns: Columns,
}

impl Scan {
    fn compare(&mut self, mut duck: Option<&mut Duck>, table: &mut Table) -> anyhow::Result<()> {
        let rounds = if self.rows < 1_000_000 { SMALL_ROUNDS } else { ROUNDS };
        for query in QUERIES {
            let mut times = Times::default();
            // once before: memory is filled and both answer the same
            let ours = self.answer(query, Way::Warm(1))?;
            ensure!(ours == self.answer(query, Way::Warm(2))?, "two threads answer otherwise: {}", query.name);
            ensure!(ours == self.answer(query, Way::Cold)?, "columns in memory answer otherwise: {}", query.name);
            if let Some(duck) = duck.as_deref_mut() {
                for engine in Engine::ALL {
                    same(&ours, &duck.ask(engine, query.sql)?.rows).with_context(|| query.name)?;
                }
            }
            for _ in 0..rounds {
                for way in [Way::Warm(1), Way::Warm(2), Way::Cold, Way::Plain] {
                    let begun = Instant::now();
                    self.once(query, way)?;
                    times.add(&format!("{way:?}"), begun.elapsed().as_secs_f64() * 1e3);
                }
                if let Some(duck) = duck.as_deref_mut() {
                    for engine in Engine::ALL {
                        times.add(&engine.to_string(), duck.ask(engine, query.sql)?.milliseconds);
                    }
                }
            }
            self.tell(query, &times, table);
        }
        Ok(())
    }

    /// The lines of a query.
    fn tell(&self, query: Query, times: &Times, table: &mut Table) {
        let what = format!("{} rows, {}", self.rows, query.name);
        let plain = times.of(&format!("{:?}", Way::Plain));
        let duck = |threads: usize| times.of(&Engine::Native(threads).to_string());
        for threads in [1, 2] {
            let warm = times.of(&format!("{:?}", Way::Warm(threads)));
            let name = format!("{what}, warm, {threads} thread{}", if threads == 1 { "" } else { "s" });
            table.add(&name, format!("{warm:.3} ms"), &format!("plain scan {plain:.3} ms"));
            let parquet = times.of(&Engine::Parquet(threads).to_string());
            let native = duck(threads);
            if native.is_nan() {
                continue;
            }
            let measured = format!("{:.2} ×", warm / native);
            let beside = format!("  against DuckDB: native {native:.3} ms, Parquet {parquet:.3} ms");
            if query.promised {
                table.accept(&beside, measured, "≤ 1.0 × native", warm <= native);
            } else {
                table.add(&beside, measured, "");
            }
        }
        let cold = times.of(&format!("{:?}", Way::Cold));
        table.add(&format!("{what}, cold"), format!("{cold:.3} ms"), "");
        let measured = format!("{:.2} ×", cold / plain);
        if self.rows < ROWS[2] || !query.promised {
            table.add("  against a plain scan", measured, "");
        } else {
            table.accept("  against a plain scan", measured, "≤ 10 ×", cold <= 10.0 * plain);
        }
    }

    fn once(&self, query: Query, way: Way) -> anyhow::Result<()> {
        if way == Way::Plain {
            std::hint::black_box(self.plain_scan(query)?);
        } else {
            std::hint::black_box(self.answer(query, way)?);
        }
        Ok(())
    }

    fn answer(&self, query: Query, way: Way) -> anyhow::Result<Outcome> {
        let (columns, threads) = match way {
            Way::Warm(threads) => (self.columns.clone(), threads),
            Way::Cold | Way::Plain => (Columns::new(0, IDLE), 2),
        };
        let view = StoredView::new(self.reader.clone(), columns).with_threads(threads);
        // of a hundred groups an outcome tells 64: the larger half, those with more rows than a hundredth
        let rules = Rules { smallest_group: u64::from(self.rows) / 100 + 1, ..Rules::default() };
        let bounds = Bounds { max_rows: compute::limits::ROWS, cancelled: &|| false };
        Ok(compute::run_by(&rules, &query.computation()?, &view, &bounds)?.outcome)
    }

    /// Looks at every number of the columns that a query reads, once, with Arrow's own kernel.
    fn plain_scan(&self, query: Query) -> anyhow::Result<i128> {
        let view = StoredView::new(self.reader.clone(), self.columns.clone());
        let mut total = 0_i128;
        for column in query.reads {
            for chunk in view.chunks(&column.parse()?)? {
                let chunk = chunk?;
                let chunk_sum = if let Some(numbers) = chunk.as_primitive_opt::<Decimal64Type>() {
                    sum(numbers).map(i128::from)
                } else if let Some(numbers) = chunk.as_primitive_opt::<Decimal128Type>() {
                    sum(numbers)
                } else {
                    let numbers = chunk.as_primitive_opt::<Int64Type>();
                    numbers.with_context(|| format!("{} is no number", chunk.data_type()))?;
                    numbers.and_then(sum).map(i128::from)
                };
                total += chunk_sum.unwrap_or(0);
            }
        }
        Ok(total)
    }
}

impl Query {
    fn computation(self) -> anyhow::Result<Computation> {
        let amount: Name = "amount".parse()?;
        let on = OnColumn { column: amount.clone(), filter: Vec::new(), group: None };
        let number = |number: i128| anyhow::Ok(Value::Number(Decimal::new(number, 0)?));
        Ok(match self.name {
            "mean" => Computation::Mean(on),
            "filtered mean" => {
                let between = Between { from: number(2500)?, to: number(7500)? };
                let condition = Condition { column: amount, is: Comparison::Between(between) };
                Computation::Mean(OnColumn { filter: vec![condition], ..on })
            }
            "median" => Computation::Median(on),
            _ => Computation::Mean(OnColumn { group: Some(GroupBy { column: "kind".parse()?, every: None }), ..on }),
        })
    }
}

impl Times {
    fn add(&mut self, who: &str, milliseconds: f64) {
        match self.0.iter_mut().find(|(known, _)| known == who) {
            Some((_, times)) => times.push(milliseconds),
            None => self.0.push((who.to_owned(), vec![milliseconds])),
        }
    }

    /// The middle of somebody's times; no number if it was not timed.
    fn of(&self, who: &str) -> f64 {
        self.0.iter().find(|(known, _)| known == who).map_or(f64::NAN, |(_, times)| middle(times.clone()))
    }
}

/// Whether both say the same, as far as floating point can: each row of theirs is a group's key, if there are groups, and
/// a number.
fn same(ours: &Outcome, theirs: &[Vec<f64>]) -> anyhow::Result<()> {
    let near = |ours: &Scalar, theirs: f64| -> anyhow::Result<()> {
        let exact: f64 = ours.to_string().parse()?;
        let apart = (exact - theirs).abs() / exact.abs().max(1.0);
        ensure!(apart < 1e-9, "{ours} here and {theirs} there");
        Ok(())
    };
    match ours {
        Outcome::Groups(groups) => {
            ensure!(!groups.is_empty(), "no group");
            for group in groups {
                let key: f64 = group.key.to_string().parse()?;
                let found = theirs.iter().find(|row| row.first() == Some(&key));
                let found = found.and_then(|row| row.last()).with_context(|| format!("no group {key} there"))?;
                near(&group.value, *found)?;
            }
            Ok(())
        }
        other => {
            let number = other.scalar().context("no number")?;
            near(&number, *theirs.first().and_then(|row| row.first()).context("no answer there")?)
        }
    }
}
