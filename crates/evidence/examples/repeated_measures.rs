//! Writes the rows that `benches/mmrm.rs` times, as CSV, for the peers in `benches/peers/`.

#[path = "../benches/course.rs"]
#[allow(missing_docs)]
mod course;

use std::io::{self, BufWriter, Write};

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    writeln!(out, "person,arm,visit,time,baseline,score")?;
    for row in course::course(10_000, 4) {
        let score = row.score.map_or_else(String::new, |score| score.to_string());
        let (person, arm, visit, baseline) = (row.person, row.arm, row.visit, row.baseline);
        writeln!(out, "P{person:05},{arm},V{},{visit},{baseline},{score}", visit + 1)?;
    }
    out.flush()
}
