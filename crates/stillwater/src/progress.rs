//! How far a long command has come, on standard error, and only once it has taken more than a second.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Progress of one piece of work.
pub struct Progress {
    what: &'static str,
    started: Instant,
    shown: Option<Instant>,
    terminal: bool,
}

impl Progress {
    /// Begins; nothing is shown yet.
    pub fn new(what: &'static str) -> Self {
        Self { what, started: Instant::now(), shown: None, terminal: std::io::stderr().is_terminal() }
    }

    /// Tells how far it has come; `total` 0 where nobody knows.
    pub fn at(&mut self, done: u64, total: u64) {
        let pause = if self.terminal { Duration::from_millis(200) } else { Duration::from_secs(5) };
        let due = match self.shown {
            None => self.started.elapsed() > Duration::from_secs(1),
            Some(shown) => shown.elapsed() > pause,
        };
        if !due {
            return;
        }
        self.shown = Some(Instant::now());
        let far = match total {
            0 => format!("{}: {done}", self.what),
            total => format!("{}: {done} of {total} ({} %)", self.what, done.saturating_mul(100) / total.max(1)),
        };
        let (before, after) = if self.terminal { ("\r\x1b[K", "") } else { ("", "\n") };
        let mut out = std::io::stderr().lock();
        // Progress that cannot be shown is no reason to stop working.
        let _ = write!(out, "{before}{far}{after}").and_then(|()| out.flush());
    }

    /// Takes the line away again.
    pub fn end(&mut self) {
        if self.terminal && self.shown.take().is_some() {
            let mut out = std::io::stderr().lock();
            let _ = write!(out, "\r\x1b[K").and_then(|()| out.flush());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
