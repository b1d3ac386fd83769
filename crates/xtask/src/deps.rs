//! What comes in from outside: licences, banned crates, doubled versions and native libraries.
//!
//! Reads `cargo metadata --locked` for this machine's platform, so that it needs nothing that the build does not.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::tree;

/// Licences that ask for no more than their text and a notice. Exceptions that only widen a permission are listed whole.
const PERMISSIVE: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Crates that would make a fresh machine install more than Rust and a C compiler, and what serves instead.
const BANNED: [(&str, &str); 6] = [
    ("openssl-sys", "needs OpenSSL's headers; use rustls with ring"),
    ("native-tls", "needs the system's TLS; use rustls with ring"),
    ("aws-lc-sys", "needs cmake; use ring"),
    ("aws-lc-rs", "needs cmake; use ring"),
    ("cmake", "needs cmake on the machine; choose a crate that builds with cc"),
    ("libsodium-sys", "needs libsodium; chacha20poly1305 serves"),
];

/// Crates of which a second version would mean two worlds that do not fit together, or a second copy of something large.
const ONCE: [&str; 13] = [
    "axum",
    "getrandom",
    "http",
    "hyper",
    "jiff",
    "libsqlite3-sys",
    "maud",
    "rusqlite",
    "serde",
    "sha2",
    "tokio",
    "tower",
    "uuid",
];

/// Versions of those that are let in beside the one in use, by how they begin, and why that does no harm.
const BESIDE: [(&str, &str, &str); 2] = [
    ("getrandom", "0.3.", "ahash, under parquet, seeds its hash tables with it; no key or id of ours is drawn with it"),
    ("getrandom", "0.2.", "listed for the same crate on WebAssembly, and not built here"),
];

/// Native libraries that may be linked. SQLite is compiled from source; the other keys link nothing and only mark that a
/// crate may be there once.
const LINKS: [&str; 3] = ["sqlite3", "prettyplease02", "rayon-core"];

/// One package of the dependency tree.
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    links: Option<String>,
    is_ours: bool,
}

/// Judges the tree and fails with every fault found.
pub fn run() -> Result<()> {
    let packages = read()?;
    let faults = judge(&packages);
    for fault in &faults {
        println!("  {fault}");
    }
    let outside = packages.iter().filter(|package| !package.is_ours).count();
    println!("dependencies: {outside} crates from outside, {} faults", faults.len());
    if !faults.is_empty() {
        bail!("{} faults in the dependency tree; each line above says which.", faults.len());
    }
    Ok(())
}

fn read() -> Result<Vec<Package>> {
    let output = Command::new("cargo")
        .args(["metadata", "--locked", "--format-version", "1", "--filter-platform", &host()?])
        .current_dir(tree::root())
        .stderr(Stdio::inherit())
        .output()
        .context("starting cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed ({}).", output.status);
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("cargo metadata lists no packages")?;
    packages.iter().map(package).collect()
}

fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("starting rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}

fn package(value: &Value) -> Result<Package> {
    let word = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(Package {
        name: word("name").context("a package without a name")?,
        version: word("version").context("a package without a version")?,
        license: word("license"),
        links: word("links"),
        is_ours: value.get("source").is_none_or(Value::is_null),
    })
}

fn judge(packages: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages {
        let named = format!("{} {}", package.name, package.version);
        if !BESIDE.iter().any(|(name, begins, _)| *name == package.name && package.version.starts_with(begins)) {
            versions.entry(&package.name).or_default().push(&package.version);
        }
        match package.license.as_deref() {
            Some(license) if is_permissive(license) => {}
            Some(license) => faults.push(format!("{named}: the licence `{license}` is not on the permissive list")),
            None => faults.push(format!("{named}: states no licence")),
        }
        if let Some((_, why)) = BANNED.iter().find(|(name, _)| *name == package.name) {
            faults.push(format!("{named}: {why}"));
        }
        if let Some(links) = package.links.as_deref().filter(|links| !LINKS.contains(links)) {
            faults.push(format!("{named}: links the native library `{links}`; decide on it and list it in LINKS"));
        }
    }
    for (name, found) in versions.iter().filter(|(name, found)| found.len() > 1 && ONCE.contains(name)) {
        faults.push(format!("{name}: is there more than once ({}); keep one", found.join(", ")));
    }
    faults
}

/// Whether an SPDX expression leaves a permissive choice. `AND` binds tighter than `OR`; `/` is an old spelling of `OR`.
fn is_permissive(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest) && rest.is_empty()
}

fn any_of(words: &mut &[&str]) -> bool {
    let mut permitted = all_of(words);
    while let Some(("OR", rest)) = words.split_first().map(|(word, rest)| (*word, rest)) {
        *words = rest;
        permitted |= all_of(words);
    }
    permitted
}

fn all_of(words: &mut &[&str]) -> bool {
    let mut permitted = one(words);
    while let Some(("AND", rest)) = words.split_first().map(|(word, rest)| (*word, rest)) {
        *words = rest;
        permitted &= one(words);
    }
    permitted
}

fn one(words: &mut &[&str]) -> bool {
    match words {
        ["(", rest @ ..] => {
            *words = rest;
            let permitted = any_of(words);
            match words.split_first() {
                Some((&")", rest)) => *words = rest,
                _ => return false,
            }
            permitted
        }
        [licence, "WITH", exception, rest @ ..] => {
            let whole = format!("{licence} WITH {exception}");
            *words = rest;
            PERMISSIVE.contains(&whole.as_str())
        }
        [licence, rest @ ..] => {
            let permitted = PERMISSIVE.contains(licence);
            *words = rest;
            permitted
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(name: &str, version: &str, license: Option<&str>, links: Option<&str>) -> Package {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            license: license.map(str::to_owned),
            links: links.map(str::to_owned),
            is_ours: false,
        }
    }

    #[test]
    fn reads_licence_expressions() {
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
        ] {
            assert!(is_permissive(good), "{good}");
        }
        for bad in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT",
            "MIT Apache-2.0",
            "",
            "GPL-2.0 WITH Classpath-exception-2.0",
            "MPL-2.0",
        ] {
            assert!(!is_permissive(bad), "{bad}");
        }
    }

    #[test]
    fn accepts_a_plain_tree() {
        let tree = [
            sample("axum", "0.8.9", Some("MIT"), None),
            sample("libsqlite3-sys", "0.40.0", Some("MIT"), Some("sqlite3")),
        ];
        assert_eq!(judge(&tree), Vec::<String>::new());
    }

    #[test]
    fn refuses_each_kind_of_fault() {
        for fault in [
            sample("a", "1.0.0", Some("AGPL-3.0"), None),
            sample("a", "1.0.0", None, None),
            sample("openssl-sys", "1.0.0", Some("MIT"), None),
            sample("aws-lc-sys", "1.0.0", Some("MIT"), None),
            sample("cmake", "1.0.0", Some("MIT"), None),
            sample("a", "1.0.0", Some("MIT"), Some("z")),
        ] {
            assert_eq!(judge(&[fault]).len(), 1);
        }
        let twice = [sample("tokio", "1.0.0", Some("MIT"), None), sample("tokio", "2.0.0", Some("MIT"), None)];
        assert_eq!(judge(&twice).len(), 1);
        let harmless = [sample("syn", "2.0.0", Some("MIT"), None), sample("syn", "3.0.0", Some("MIT"), None)];
        assert_eq!(judge(&harmless).len(), 0);
    }

    #[test]
    fn a_version_let_in_beside_is_no_fault_and_a_third_one_is() {
        let tree = |versions: &[&str]| -> Vec<Package> {
            versions.iter().map(|version| sample("getrandom", version, Some("MIT"), None)).collect()
        };
        assert_eq!(judge(&tree(&["0.2.17", "0.3.4", "0.4.3"])).len(), 0);
        assert_eq!(judge(&tree(&["0.3.4", "0.4.3", "0.5.0"])).len(), 1);
    }
}
