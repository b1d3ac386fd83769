//! The files that pages load: styles, scripts and the mark, all inside the program.
//!
//! They are known by the start of their SHA-256, so that browsers may keep them for a year and still get new ones the moment one changes.

use std::sync::LazyLock;
use stillwater_digest::to_hex;

use sha2::{Digest, Sha256};

/// A file that pages load.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its name, the last part of its address.
    pub name: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// What it holds.
    pub bytes: &'static [u8],
}

macro_rules! asset {
    ($name:literal, $kind:literal) => {
        Asset { name: $name, kind: $kind, bytes: include_bytes!($name) }
    };
}

const CSS: &[Asset] = &[asset!("stillwater.css", "text/css; charset=utf-8"), asset!("mark.svg", "image/svg+xml")];
const MODULES: &[Asset] = &[
    asset!("main.js", "text/javascript; charset=utf-8"),
    asset!("clock.js", "text/javascript; charset=utf-8"),
    asset!("curtain.js", "text/javascript; charset=utf-8"),
    asset!("forms.js", "text/javascript; charset=utf-8"),
    asset!("help.js", "text/javascript; charset=utf-8"),
    asset!("hold.js", "text/javascript; charset=utf-8"),
    asset!("live.js", "text/javascript; charset=utf-8"),
    asset!("outbox.js", "text/javascript; charset=utf-8"),
    asset!("session.js", "text/javascript; charset=utf-8"),
    asset!("sheets.js", "text/javascript; charset=utf-8"),
    asset!("shell.js", "text/javascript; charset=utf-8"),
];
/// Not one of the files that pages load: the server puts the list of these before it.
const WORKER: &str = include_str!("sw.js");

/// One tag for all files together: the modules import each other by relative names, and so must change as one.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in all() {
        hash.update(asset.name);
        hash.update(asset.bytes);
    }
    to_hex(hash.finalize().get(..8).unwrap_or_default())
});

/// Every file.
pub fn all() -> impl Iterator<Item = &'static Asset> {
    CSS.iter().chain(MODULES)
}

/// The file of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    all().find(|asset| asset.name == name)
}

/// What names all files together as they are now.
#[must_use]
pub fn version() -> &'static str {
    &VERSION
}

/// The address of a file, which changes when any file does.
#[must_use]
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The service worker: what a phone may keep, which is the page at `/offline` and every file here. `mark` changes when what
/// that page says does.
#[must_use]
pub fn worker(mark: &str) -> String {
    let files: Vec<String> = all().map(|asset| format!("\"{}\"", url(asset.name))).collect();
    let mut hash = Sha256::new();
    hash.update(VERSION.as_bytes());
    hash.update(WORKER);
    hash.update(mark);
    let name = to_hex(hash.finalize().get(..8).unwrap_or_default());
    format!("const SHELL = \"shell-{name}\";\nconst FILES = [{}];\n{WORKER}", files.join(", "))
}

/// The style sheet as text, for a document that has to stand alone.
#[must_use]
pub fn stylesheet() -> &'static str {
    include_str!("stillwater.css")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_a_phone_loads_first_is_under_200_kilobytes() {
        let total: usize = all().map(|asset| asset.bytes.len()).sum();
        assert!(total < 160_000, "{total} bytes leave too little for the page itself");
    }

    #[test]
    fn the_worker_keeps_every_file_and_has_another_name_when_the_page_says_something_else() {
        let worker = super::worker("555-0100");
        for asset in all() {
            assert!(
                worker.contains(&format!("\"{}\"", url(asset.name))),
                "{} would be missing with no network",
                asset.name
            );
        }
        let name = |worker: &str| worker.lines().next().map(str::to_owned);
        assert_eq!(name(&worker), name(&super::worker("555-0100")));
        assert_ne!(name(&worker), name(&super::worker("555-0199")));
    }

    #[test]
    fn no_file_asks_for_what_the_browser_is_told_to_refuse() {
        for asset in all() {
            let text = String::from_utf8_lossy(asset.bytes);
            for refused in ["eval(", "new Function", "http://", "https://", "@import url"] {
                let allowed = text.replace("http://www.w3.org/2000/svg", "");
                assert!(!allowed.contains(refused), "{} contains {refused}", asset.name);
            }
        }
    }
}
