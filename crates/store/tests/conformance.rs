//! The embedded engine passes the suite that every engine has to pass.

mod common;

#[test]
fn sqlite_passes_the_suite() {
    let mut folders = Vec::new();
    let cases = stillwater_store::conformance::run(|| {
        let folder = common::Folder::new();
        let store = folder.open();
        folders.push(folder);
        store
    });
    assert_eq!(folders.len(), cases);
    assert!(cases >= 12, "every case had an engine of its own");
}
