//! Decisions made durable: our control database against SQLite with WAL and synchronous=FULL, on the same disk.
//!
//! Both write a decision and its log entry in one transaction, and nobody is answered before the disk has it. Rounds of
//! the two alternate, so that the disk's moods meet both; ratios compare within one run.

mod sqlite;

use crate::table::{Table, middle, spread};
use sqlite::Sqlite;
use std::{sync::Barrier, thread, time::Instant};
use store::{Batch, Home, Store};

/// Bytes of a decision record and of a log entry, about as they are.
const RECORD: usize = 600;
const ENTRY: usize = 120;
/// Rounds of each, alternating.
const ROUNDS: u32 = 5;
/// Writers at once.
const MANY: u32 = 64;

/// A database that makes one decision durable.
trait Appends: Sync {
    /// What a writer needs of its own.
    type Writer: Send;

    fn writer(&self) -> anyhow::Result<Self::Writer>;

    /// Returns once the decision with that number is on the disk.
    fn append(&self, writer: &mut Self::Writer, number: u64) -> anyhow::Result<()>;
}

/// Ours, as the node uses it: sealed values, and writers that wait at the same time share a sync.
struct Ours(Store);

impl Appends for Ours {
    type Writer = ();

    fn writer(&self) -> anyhow::Result<()> {
        Ok(())
    }

    fn append(&self, (): &mut (), number: u64) -> anyhow::Result<()> {
        let mut batch = Batch::new();
        batch.put("decisions", &number.to_be_bytes(), vec![7; RECORD]);
        batch.put("log", &number.to_be_bytes(), vec![9; ENTRY]);
        Ok(self.0.control().commit(&batch)?)
    }
}

/// One writer, then many; `appends` in all for each engine and number of writers.
pub(crate) fn measure(appends: u32, table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let ours = Ours(Store::create(&Home::new(folder.path().join("home")), None)?);
    let each = Sqlite::create(&folder.path().join("each.db"), sqlite::Writers::Connections)?;
    let one = Sqlite::create(&folder.path().join("one.db"), sqlite::Writers::Queue)?;
    compare(&ours, &[("SQLite", &each)], 1, appends, table)?;
    let two = [("SQLite, a connection each", &each), ("SQLite, one connection", &one)];
    compare(&ours, &two, MANY, appends, table)
}

fn compare(
    ours: &Ours,
    theirs: &[(&str, &Sqlite)],
    writers: u32,
    appends: u32,
    table: &mut Table,
) -> anyhow::Result<()> {
    let share = (appends / ROUNDS / writers).max(1);
    let mut our_rounds = Vec::new();
    let mut their_rounds: Vec<Vec<Round>> = theirs.iter().map(|_| Vec::new()).collect();
    for number in 0..ROUNDS {
        let first = u64::from(writers) << 32 | u64::from(number) << 24;
        our_rounds.push(round(ours, writers, share, first)?);
        for ((_, engine), rounds) in theirs.iter().zip(&mut their_rounds) {
            rounds.push(round(*engine, writers, share, first)?);
        }
    }
    let people = if writers == 1 { "1 writer".to_owned() } else { format!("{writers} writers") };
    let line = |name: &str, rounds: &[Round], table: &mut Table| {
        let (_, median, late) = spread(rounds.iter().flat_map(|round| round.waits.clone()).collect());
        let rate = middle(rounds.iter().map(|round| round.rate).collect());
        table.add(
            &format!("durable decisions, {people}, {name}"),
            format!("{rate:.0} /s"),
            &format!("each waits {median:.2} ms, p99 {late:.2}"),
        );
    };
    line("ours", &our_rounds, table);
    for ((name, _), rounds) in theirs.iter().zip(&their_rounds) {
        line(name, rounds, table);
    }
    // round by round against the faster of theirs
    let ratios = our_rounds.iter().enumerate().map(|(number, ours)| {
        let best = their_rounds.iter().filter_map(|rounds| rounds.get(number)).map(|round| round.rate);
        ours.rate / best.fold(f64::MIN_POSITIVE, f64::max)
    });
    let goal = if writers == 1 { "goal 0.5" } else { "goal 1" };
    table.add("  rate against the faster SQLite", format!("{:.2} ×", middle(ratios.collect())), goal);
    Ok(())
}

/// What one round came to.
struct Round {
    /// Decisions per second, all writers together.
    rate: f64,
    /// Milliseconds that each decision's writer waited.
    waits: Vec<f64>,
}

fn round<E: Appends>(engine: &E, writers: u32, share: u32, first: u64) -> anyhow::Result<Round> {
    let ready = Barrier::new(writers as usize + 1);
    let (begun, waits) = thread::scope(|scope| {
        let work = |writer: u32| {
            let ready = &ready;
            move || {
                let own = engine.writer();
                ready.wait();
                let mut own = own?;
                let timed = (0..share).map(|number| {
                    let begun = Instant::now();
                    engine.append(&mut own, first + u64::from(writer * share + number))?;
                    anyhow::Ok(begun.elapsed().as_secs_f64() * 1e3)
                });
                timed.collect::<anyhow::Result<Vec<f64>>>()
            }
        };
        let threads: Vec<_> = (0..writers).map(|writer| scope.spawn(work(writer))).collect();
        ready.wait();
        let begun = Instant::now();
        let waits: Vec<_> = threads.into_iter().map(thread::ScopedJoinHandle::join).collect();
        (begun, waits)
    });
    let took = begun.elapsed().as_secs_f64();
    let mut all = Vec::new();
    for one in waits {
        all.extend(one.map_err(|_| anyhow::anyhow!("a writer panicked"))??);
    }
    Ok(Round { rate: all.len() as f64 / took, waits: all })
}
