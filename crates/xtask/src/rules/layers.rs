//! Which crate may know which: the table of layers, read against every `Cargo.toml`.

use toml::{Table, Value};

use super::Breach;
use crate::tree::{File, Tree};

/// What one crate may know: always, and only in its tests.
struct Layer {
    name: &'static str,
    knows: &'static [&'static str],
    in_tests: &'static [&'static str],
}

/// The table. A crate without a row is a breach, so that a new one is placed on purpose.
const LAYERS: &[Layer] = &[
    Layer { name: "instruments", knows: &[], in_tests: &[] },
    Layer { name: "pharmacology", knows: &[], in_tests: &[] },
    Layer { name: "evidence", knows: &[], in_tests: &[] },
    Layer { name: "digest", knows: &[], in_tests: &[] },
    Layer { name: "store", knows: &["digest"], in_tests: &[] },
    Layer { name: "columns", knows: &[], in_tests: &[] },
    Layer { name: "care", knows: &["instruments"], in_tests: &["testkit"] },
    Layer { name: "words", knows: &["care", "digest", "instruments"], in_tests: &["testkit"] },
    Layer { name: "trials", knows: &["evidence"], in_tests: &[] },
    Layer { name: "programme", knows: &["care", "digest", "evidence", "instruments"], in_tests: &["testkit"] },
    Layer { name: "fhir", knows: &["care", "instruments"], in_tests: &["testkit"] },
    Layer { name: "ui", knows: &["digest"], in_tests: &[] },
    Layer {
        name: "clinic",
        knows: &["care", "digest", "fhir", "instruments", "programme", "store"],
        in_tests: &["testkit"],
    },
    Layer {
        name: "server",
        knows: &[
            "care",
            "clinic",
            "digest",
            "evidence",
            "fhir",
            "instruments",
            "pharmacology",
            "programme",
            "store",
            "trials",
            "ui",
            "words",
        ],
        in_tests: &["testkit"],
    },
    Layer {
        name: "stillwater",
        knows: &[
            "care",
            "clinic",
            "columns",
            "digest",
            "evidence",
            "fhir",
            "instruments",
            "pharmacology",
            "programme",
            "server",
            "store",
            "trials",
            "ui",
            "words",
        ],
        in_tests: &["testkit"],
    },
    Layer { name: "testkit", knows: &["care", "instruments"], in_tests: &["server", "store", "words"] },
    Layer { name: "xtask", knows: &[], in_tests: &[] },
];

/// Crates that decide, and so may neither look at a clock nor touch the world.
pub const PURE: [&str; 9] =
    ["digest", "instruments", "pharmacology", "evidence", "trials", "care", "words", "programme", "fhir"];

/// Outside crates that would let a pure crate reach the world.
const WORLDLY: [&str; 10] =
    ["tokio", "axum", "rusqlite", "getrandom", "rand", "hyper", "reqwest", "ureq", "tower", "tracing"];

/// Every manifest against the table, and every crate against its row.
pub fn check(tree: &Tree) -> Vec<Breach> {
    let renames = tree.get("Cargo.toml").map(workspace_names).unwrap_or_default();
    tree.files
        .iter()
        .filter(|file| file.path.starts_with("crates/") && file.path.split('/').count() == 3)
        .filter(|file| file.path.ends_with("/Cargo.toml"))
        .flat_map(|file| check_manifest(file, &renames))
        .collect()
}

fn check_manifest(file: &File, renames: &Table) -> Vec<Breach> {
    let manifest: Table = match file.text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![Breach::in_file(&file.path, format!("is not readable TOML: {error}"))],
    };
    let name = file.crate_name().unwrap_or_default();
    let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
        return vec![Breach::in_file(&file.path, format!("`{name}` has no row in the table of layers; give it one"))];
    };
    let mut breaches = Vec::new();
    for (dependency, kind) in dependencies(&manifest, renames) {
        let in_tests = kind == "dev-dependencies";
        if let Some(ours) = our_name(&dependency) {
            // A crate's own tests may ask for one of its features by naming the crate itself.
            let allowed = layer.knows.contains(&ours) || (in_tests && (layer.in_tests.contains(&ours) || ours == name));
            if !allowed {
                breaches.push(Breach::in_file(
                    &file.path,
                    format!("`{name}` may not know `{ours}` under [{kind}]; it may know {}", listed(layer)),
                ));
            }
        } else if !in_tests && PURE.contains(&name) && WORLDLY.contains(&dependency.as_str()) {
            breaches.push(Breach::in_file(
                &file.path,
                format!("`{name}` is pure and may not depend on `{dependency}`; pass what it needs in as an argument"),
            ));
        }
    }
    breaches
}

fn listed(layer: &Layer) -> String {
    let mut words: Vec<String> = layer.knows.iter().map(|name| format!("`{name}`")).collect();
    words.extend(layer.in_tests.iter().map(|name| format!("`{name}` in tests")));
    if words.is_empty() { "no crate of ours".to_owned() } else { words.join(", ") }
}

fn our_name(package: &str) -> Option<&str> {
    let short = package.strip_prefix("stillwater-").unwrap_or(package);
    LAYERS.iter().map(|layer| layer.name).find(|name| *name == short)
}

/// Every dependency of a manifest, under its package's own name, with the kind of table that names it.
fn dependencies(manifest: &Table, renames: &Table) -> Vec<(String, &'static str)> {
    let mut holders = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(Value::as_table) {
        holders.extend(targets.values().filter_map(Value::as_table));
    }
    let mut found = Vec::new();
    for holder in holders {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(table) = holder.get(kind).and_then(Value::as_table) else { continue };
            found.extend(table.iter().map(|(key, value)| (package_name(key, value, renames), kind)));
        }
    }
    found
}

/// A dependency may be called otherwise than its package, here or in the workspace's table.
fn package_name(key: &str, value: &Value, renames: &Table) -> String {
    let own = value.get("package").and_then(Value::as_str);
    let shared = renames.get(key).and_then(|entry| entry.get("package")).and_then(Value::as_str);
    own.or(shared).unwrap_or(key).to_owned()
}

fn workspace_names(root: &File) -> Table {
    let manifest: Table = root.text.parse().unwrap_or_default();
    let workspace = manifest.get("workspace").and_then(|part| part.get("dependencies"));
    workspace.and_then(Value::as_table).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, manifest: &str) -> Vec<String> {
        check(&Tree::of(&[(path, manifest)])).into_iter().map(|breach| breach.says).collect()
    }

    #[test]
    fn allows_the_edges_of_the_table() {
        let manifest = "[dependencies]\nstillwater-instruments.workspace = true\n[dev-dependencies]\nstillwater-testkit.workspace = true\nproptest.workspace = true\n";
        assert_eq!(breaches("crates/care/Cargo.toml", manifest), Vec::<String>::new());
    }

    #[test]
    fn allows_a_crate_to_name_itself_in_its_tests_only() {
        let itself = "stillwater-store = { path = \".\", features = [\"conformance\"] }\n";
        assert_eq!(breaches("crates/store/Cargo.toml", &format!("[dev-dependencies]\n{itself}")).len(), 0);
        assert_eq!(breaches("crates/store/Cargo.toml", &format!("[dependencies]\n{itself}")).len(), 1);
    }

    #[test]
    fn refuses_an_edge_that_the_table_lacks() {
        assert_eq!(breaches("crates/store/Cargo.toml", "[dependencies]\nstillwater-care.workspace = true\n").len(), 1);
        assert_eq!(breaches("crates/care/Cargo.toml", "[build-dependencies]\nstillwater-fhir = \"1\"\n").len(), 1);
    }

    /// The proof that no rule reads the model of the drug: the crate of the rules cannot name it, in code or in tests.
    #[test]
    fn keeps_the_model_of_the_drug_away_from_the_rules() {
        for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for path in ["crates/care/Cargo.toml", "crates/instruments/Cargo.toml", "crates/fhir/Cargo.toml"] {
                let manifest = format!("[{table}]\nstillwater-pharmacology.workspace = true\n");
                assert_eq!(breaches(path, &manifest).len(), 1, "{path} {table}");
            }
        }
    }

    #[test]
    fn refuses_an_edge_hidden_by_a_rename_or_a_target() {
        let renamed = "[dependencies]\nlog = { package = \"stillwater-store\", path = \"../store\" }\n";
        assert_eq!(breaches("crates/fhir/Cargo.toml", renamed).len(), 1);
        let targeted = "[target.'cfg(unix)'.dependencies]\nstillwater-server.workspace = true\n";
        assert_eq!(breaches("crates/care/Cargo.toml", targeted).len(), 1);
        let shared = [
            (
                "Cargo.toml",
                "[workspace.dependencies]\nlog = { package = \"stillwater-store\", path = \"crates/store\" }\n",
            ),
            ("crates/care/Cargo.toml", "[dependencies]\nlog.workspace = true\n"),
        ];
        assert_eq!(check(&Tree::of(&shared)).len(), 1);
    }

    #[test]
    fn refuses_the_testkit_outside_tests() {
        assert_eq!(
            breaches("crates/server/Cargo.toml", "[dependencies]\nstillwater-testkit.workspace = true\n").len(),
            1
        );
    }

    #[test]
    fn refuses_the_world_in_a_pure_crate() {
        assert_eq!(breaches("crates/care/Cargo.toml", "[dependencies]\ntokio.workspace = true\n").len(), 1);
        assert_eq!(breaches("crates/server/Cargo.toml", "[dependencies]\ntokio.workspace = true\n").len(), 0);
    }

    #[test]
    fn refuses_a_crate_without_a_row() {
        assert_eq!(breaches("crates/attic/Cargo.toml", "[package]\nname = \"attic\"\n").len(), 1);
    }
}
