//! The printed access table is the one that the server goes by.

#![allow(clippy::unwrap_used, missing_docs)]

use stillwater_server::access_table;
use stillwater_server::entries;

#[test]
fn the_printed_access_table_is_current() {
    assert_eq!(access_table::name_clashes(&entries()), Vec::<String>::new());
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ACCESS.md");
    let text = access_table::markdown(&entries());
    if std::env::var_os("STILLWATER_WRITE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept.trim_end(), text.trim_end(), "docs/ACCESS.md is stale: run this test with STILLWATER_WRITE_DOCS=1");
}
