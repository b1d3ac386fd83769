//! What was acknowledged survives a process that is killed while writing.
//!
//! This program runs itself as a child that appends from several threads and prints each id once it is acknowledged;
//! the parent kills it without warning, reopens the folder, and looks for every id that it has read. A kill shows that
//! nothing acknowledged is held in memory only; that the disk keeps what it was told to keep, it cannot show.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use stillwater_store::conformance::append_of;
use stillwater_store::{Options, Store, StreamId, Uuid};

const CHILD: &str = "STILLWATER_CRASH_CHILD";
const ROUNDS: u128 = 12;
const WRITERS: u128 = 6;

fn main() {
    if let Ok(folder) = std::env::var(CHILD) {
        let round: u128 = std::env::args().nth(1).unwrap().parse().unwrap();
        write_until_killed(Path::new(&folder), round);
    }
    let folder = common::Folder::new();
    let mut acknowledged = HashSet::new();
    for round in 1..=ROUNDS {
        let before = acknowledged.len();
        kill_one(folder.path(), round, &mut acknowledged);
        assert!(acknowledged.len() > before, "round {round} was killed before it wrote anything");
        let store = Store::open(folder.path(), Options::default()).unwrap();
        let report = store.verify(&mut |_| {}).unwrap();
        assert!(report.is_sound(), "round {round}: {:?}", report.problems);
        let recorded: HashSet<u128> = (1..=WRITERS)
            .flat_map(|writer| store.load(StreamId::patient(Uuid::from_u128(writer)), 0).unwrap())
            .map(|event| event.event_id.as_u128())
            .collect();
        let lost: Vec<_> = acknowledged.difference(&recorded).collect();
        assert!(lost.is_empty(), "round {round}: acknowledged and lost: {lost:?}");
        // A batch of two is there whole or not at all.
        for id in &recorded {
            assert!(recorded.contains(&(id ^ 1)), "round {round}: half of a batch: {id}");
        }
    }
    println!("killed {ROUNDS} times, {} acknowledged events, none lost", acknowledged.len());
}

fn kill_one(folder: &Path, round: u128, acknowledged: &mut HashSet<u128>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg(round.to_string())
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // A different moment each round, counted in acknowledgements and not in time.
    let enough = 5 + usize::try_from(round).unwrap() * 7;
    let mut read = 0;
    while read < enough {
        acknowledged.insert(lines.next().expect("the child should go on writing").unwrap().parse().unwrap());
        read += 1;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What was already printed when the kill came was acknowledged too. The last line may be cut short.
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    acknowledged.extend(rest.iter().filter(|line| line.len() == 30).filter_map(|line| line.parse::<u128>().ok()));
}

fn write_until_killed(folder: &Path, round: u128) -> ! {
    let store = Store::open(folder, Options::default()).unwrap();
    let writers: Vec<_> = (1..=WRITERS)
        .map(|writer| {
            let store = store.clone();
            std::thread::spawn(move || {
                let stream = StreamId::patient(Uuid::from_u128(writer));
                let mut seq = store.head(stream).unwrap().map_or(0, |head| head.seq);
                for n in 0_u128.. {
                    let id = round * 1_000_000_000_000 + writer * 10_000_000_000 + n * 2;
                    store.append(append_of(stream, seq, &[id, id + 1])).unwrap();
                    seq += 2;
                    // One write for each batch: lines of one length, so that a cut one is told from a whole one.
                    let mut out = std::io::stdout().lock();
                    out.write_all(format!("{id:030}\n{:030}\n", id + 1).as_bytes()).unwrap();
                    out.flush().unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    unreachable!("the writers never stop by themselves")
}
