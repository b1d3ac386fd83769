//! The files that pages load: styles, scripts and the mark, all inside the program.
//!
//! They are known by the start of their SHA-256, so that browsers may keep them for a year and still get new ones the moment one changes.

use std::sync::LazyLock;
use stillwater_digest::to_hex;

use sha2::{Digest, Sha256};

/// A file that pages load.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    name: &'static str,
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
    asset!("hold.js", "text/javascript; charset=utf-8"),
    asset!("live.js", "text/javascript; charset=utf-8"),
    asset!("outbox.js", "text/javascript; charset=utf-8"),
    asset!("session.js", "text/javascript; charset=utf-8"),
];

/// One tag for all files together: the modules import each other by relative names, and so must change as one.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in all() {
        hash.update(asset.name);
        hash.update(asset.bytes);
    }
    to_hex(hash.finalize().get(..8).unwrap_or_default())
});

fn all() -> impl Iterator<Item = &'static Asset> {
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
