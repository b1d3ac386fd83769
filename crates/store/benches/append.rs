//! How long a durable append takes, alone and in company, beside what the disk needs for one sync of 4 KiB.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use divan::Bencher;
use divan::counter::ItemsCount;
use stillwater_store::conformance::append_of;
use stillwater_store::{Options, Store, StreamId, Uuid};

fn main() {
    divan::main();
}

static NEXT: AtomicU64 = AtomicU64::new(1);

fn next() -> u128 {
    u128::from(NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The target folder is on the disk that matters; a temporary folder may be in memory.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[divan::bench(sample_count = 200)]
fn sync_4_kib(bencher: Bencher<'_, '_>) {
    let folder = folder("sync");
    let mut file = std::fs::File::create(folder.join("file")).unwrap();
    bencher.bench_local(|| {
        file.seek(SeekFrom::Start(0)).unwrap();
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
    });
    std::fs::remove_dir_all(folder).unwrap();
}

/// Each round, every writer records one event in a chart of its own.
#[divan::bench(args = [1, 64], sample_count = 100)]
fn append_durable_event(bencher: Bencher<'_, '_>, writers: usize) {
    let folder = folder(&format!("append-{writers}"));
    let store = Store::open(&folder, Options::default()).unwrap();
    bencher.counter(ItemsCount::new(writers)).bench_local(|| {
        std::thread::scope(|scope| {
            for _ in 0..writers {
                let store = &store;
                scope.spawn(move || {
                    let mut append = append_of(StreamId::patient(Uuid::from_u128(next())), 0, &[next()]);
                    for event in &mut append.events {
                        event.payload = vec![7; 200];
                    }
                    store.append(append).unwrap()
                });
            }
        });
    });
    drop(store);
    std::fs::remove_dir_all(folder).unwrap();
}
