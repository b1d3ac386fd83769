//! `stillwater export --study`: a de-identified set of everybody, as a folder of tables with its codebook.
//!
//! Charts are read one at a time, twice: first for the combinations of age, sex, service and setting, then for the rows.
//! The folder is written under another name, and gets its own only when all of it is on the disk and the audit trail
//! says who asked for it.

mod files;

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use stillwater_care::chart::Chart;
use stillwater_care::event::Recorded;
use stillwater_care::ids::{EventId, PatientId};
use stillwater_care::protocol::Protocols;
use stillwater_care::roles::Role;
use stillwater_programme::study::codebook::{self, About};
use stillwater_programme::study::{CONSENT_NOTICE, Key, Left, Levels, Quasi, Study, StudyId, Table, coarsen, redcap};
use stillwater_store::{Account, NewAuditEntry, Options, Store, StreamId, StreamKind, Streams, Uuid};

use crate::ending::{CliError, CliResult, Ended, print_line, warn};
use crate::progress::Progress;
use files::Files;

/// What is asked of a set.
#[derive(clap::Args)]
pub struct Asked {
    /// Your sign-in name; a manager's or an administrator's. It is recorded
    #[arg(long, value_name = "LOGIN", requires = "study")]
    by: Option<String>,
    /// What to write, with commas between
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Format::Csv, Format::Parquet, Format::Redcap], requires = "study")]
    format: Vec<Format>,
    /// With each answer to each item, and not only scores
    #[arg(long, requires = "study")]
    items: bool,
    /// How many people must share a combination of age, sex, service and setting
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..), requires = "study")]
    smallest_cell: u16,
    /// A key to use again, so that a later set has the same study ids; made if it is not there
    #[arg(long, value_name = "FILE", requires = "study")]
    key_file: Option<PathBuf>,
}

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One CSV file for each table
    Csv,
    /// One Parquet file for each table
    Parquet,
    /// A REDCap data dictionary, and records to import
    Redcap,
}

impl Format {
    fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Redcap => "redcap",
        }
    }
}

/// Somebody in the set.
struct Member {
    study_id: StudyId,
    patient: PatientId,
    quasi: Quasi,
}

/// Who is in the set, and who could not be.
#[derive(Default)]
struct Members {
    all: Vec<Member>,
    erased: usize,
    unreadable: usize,
}

/// Runs it.
pub fn run(folder: &Path, out: &Path, asked: &Asked, now: Timestamp) -> CliResult {
    let unfinished = Unfinished::beside(out)?;
    let store = Store::open(folder, Options::default())?;
    let account = may_export(&store, asked.by.as_deref().unwrap_or_default())?;
    let key = match &asked.key_file {
        None => drawn()?,
        Some(path) => kept(path, out)?,
    };
    let members = members(&store, &key)?;
    let quasi: Vec<Quasi> = members.all.iter().map(|member| member.quasi).collect();
    if quasi.is_empty() {
        return Err(CliError::Input(format!("there is nobody in {}", folder.display())));
    }
    let levels = coarsen(&quasi, usize::from(asked.smallest_cell)).map_err(CliError::input)?;
    let tables: Vec<Table> = Table::ALL.into_iter().filter(|table| asked.items || *table != Table::Items).collect();
    unfinished.make()?;
    let study = Study { key: &key, protocols: Protocols::built_in(), now, items: asked.items };
    let (rows, left) = write_rows(&store, &study, &members, &levels, unfinished.files(&tables, &asked.format)?)?;
    let about = About {
        by: &account.login,
        at: &now.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        version: env!("CARGO_PKG_VERSION"),
        key_kept: asked.key_file.is_some(),
        k: usize::from(asked.smallest_cell),
        coarsened: levels.counts(),
        rows: &rows,
        erased: members.erased,
        unreadable: members.unreadable,
        left,
        formats: &asked.format.iter().map(|format| format.word()).collect::<Vec<_>>(),
    };
    documents(&unfinished, &tables, &asked.format, &about)?;
    record(&store, &account, &members, now)?;
    unfinished.name(out)?;
    print_line(format_args!("{}", out.display()))?;
    for (table, count) in &rows {
        print_line(format_args!("  {:<15} {count} rows", table.name()))?;
    }
    let coarser: usize = levels.counts().iter().skip(1).sum();
    print_line(format_args!(
        "{} people; the combination of {coarser} was made coarser. {CONSENT_NOTICE}",
        quasi.len()
    ))?;
    Ok(if members.unreadable == 0 { Ended::Clean } else { Ended::Found })
}

/// The account of whoever asks, if it may.
fn may_export(store: &Store, login: &str) -> Result<Account, CliError> {
    let account = store.find_account_by_login(login).map_err(CliError::failure)?.filter(|account| account.active);
    let account = account.ok_or_else(|| CliError::Input(format!("nobody signs in here as {login:?}")))?;
    let may = |role: Role| account.roles.iter().any(|word| Role::from_code(word) == Some(role));
    if may(Role::Manager) || may(Role::Administrator) {
        return Ok(account);
    }
    Err(CliError::Input(format!("{login:?} is neither a manager nor an administrator, and may not take a set out")))
}

/// A new key, for this set alone.
fn drawn() -> Result<Key, CliError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(CliError::failure)?;
    Ok(Key::new(bytes))
}

/// The key of a file, made if it is not there. It must not lie in the folder that is handed out.
fn kept(path: &Path, out: &Path) -> Result<Key, CliError> {
    let within = |path: &Path| std::path::absolute(path).map_err(CliError::failure);
    if within(path)?.starts_with(within(out)?) {
        return Err(CliError::Input("the key must not lie in the folder that is handed out".to_owned()));
    }
    if path.exists() {
        let text = std::fs::read_to_string(path)
            .map_err(|error| CliError::Input(format!("{} cannot be read: {error}", path.display())))?;
        only_mine(path)?;
        return Key::from_hex(&text)
            .ok_or_else(|| CliError::Input(format!("{} holds no key: 64 hexadecimal digits", path.display())));
    }
    let key = drawn()?;
    private_file(path)
        .and_then(|mut file| file.write_all(format!("{}\n", key.to_hex()).as_bytes()).and_then(|()| file.sync_all()))
        .map_err(|error| CliError::Failure(format!("{} cannot be written: {error}", path.display())))?;
    Ok(key)
}

/// Whoever reads the key can name everybody in the set.
#[cfg(unix)]
fn only_mine(path: &Path) -> Result<(), CliError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_err(CliError::failure)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(CliError::Input(format!("others can read {}; take that away first (chmod 600)", path.display())))
}

#[cfg(not(unix))]
fn only_mine(_: &Path) -> Result<(), CliError> {
    Ok(())
}

/// A new file that only its owner can read.
fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// One chart; none for one that nothing was ever recorded in.
fn chart(store: &Store, patient: PatientId) -> Result<Chart, String> {
    let mut chart = Chart::new(patient);
    for stored in store.load(StreamId::patient(patient.0), 1).map_err(|error| error.to_string())? {
        let id = EventId(stored.event_id);
        let recorded = Recorded::from_bytes(stored.seq, id, &stored.kind, stored.version, &stored.payload)
            .map_err(|error| error.to_string())?;
        chart.apply(&recorded);
    }
    Ok(chart)
}

/// The first walk: who is there, in the order of their study ids, so that the order of the referrals is not told.
fn members(store: &Store, key: &Key) -> Result<Members, CliError> {
    let Streams { open: streams, erased } = store.streams(StreamKind::Patient).map_err(CliError::failure)?;
    let mut members = Members { erased, ..Members::default() };
    let mut progress = Progress::new("reading charts");
    for (done, stream) in streams.iter().enumerate() {
        progress.at(done as u64, streams.len() as u64);
        let patient = PatientId(stream.id);
        match chart(store, patient) {
            Ok(chart) if chart.referred_at().is_none() => {}
            Ok(chart) => {
                members.all.push(Member { study_id: key.study_id(patient), patient, quasi: Quasi::of(&chart) });
            }
            Err(why) => {
                members.unreadable += 1;
                warn(format_args!("left out: chart {patient} cannot be read: {why}"));
            }
        }
    }
    members.all.sort_by(|a, b| a.study_id.cmp(&b.study_id));
    Ok(members)
}

/// The second walk: the rows of each person.
fn write_rows(
    store: &Store,
    study: &Study<'_>,
    members: &Members,
    levels: &Levels,
    mut files: Files,
) -> Result<(Vec<(Table, u64)>, Left), CliError> {
    let mut left = Left::default();
    let mut progress = Progress::new("writing people");
    for (done, (member, step)) in members.all.iter().zip(&levels.steps).enumerate() {
        progress.at(done as u64, members.all.len() as u64);
        let person = study.person(&chart(store, member.patient).map_err(CliError::Failure)?, *step);
        left.add(person.left);
        files.person(&person.rows)?;
    }
    Ok((files.end()?, left))
}

/// The codebook and what else goes with the tables.
fn documents(unfinished: &Unfinished, tables: &[Table], formats: &[Format], about: &About<'_>) -> Result<(), CliError> {
    unfinished.write("codebook.csv", &codebook::codebook_csv(tables))?;
    unfinished.write("instruments.csv", &codebook::instruments_csv())?;
    unfinished.write("data-dictionary.md", &codebook::dictionary(tables))?;
    if formats.contains(&Format::Redcap) {
        unfinished.write("redcap/data-dictionary.csv", &redcap::dictionary(tables))?;
        unfinished.write("redcap/README.md", &redcap::guide(tables))?;
    }
    unfinished.write("README.md", &codebook::readme(about))
}

/// Writes into the audit trail who took the set out, and at each person that they are in it. Durable when it returns.
fn record(store: &Store, account: &Account, members: &Members, now: Timestamp) -> Result<(), CliError> {
    let lost = store.lost_audit_entries();
    let entry = |patient: Option<Uuid>, what: String| NewAuditEntry {
        who: format!("staff:{}", account.id),
        patient,
        what,
        at_ms: now.as_millisecond(),
    };
    for (at, member) in members.all.iter().enumerate() {
        let what = "study-export: in a de-identified set for research".to_owned();
        let one = entry(Some(member.patient.0), what);
        // Waiting now and then keeps the writer's queue short.
        let noted = if at % 256 == 255 { store.audit(one) } else { store.audit_later(one) };
        noted.map_err(CliError::failure)?;
    }
    // One writer takes them in order, so that this one on the disk means all of them.
    store
        .audit(entry(None, format!("study-export: a de-identified set of {} people", members.all.len())))
        .map_err(CliError::failure)?;
    if store.lost_audit_entries() != lost {
        return Err(CliError::Failure("the audit trail could not be written, and so no set was".to_owned()));
    }
    Ok(())
}

/// The folder while it is being written. It is taken away again unless it gets its name.
struct Unfinished {
    path: PathBuf,
    made: std::cell::Cell<bool>,
}

impl Unfinished {
    /// Beside `out`, which must be new or empty.
    fn beside(out: &Path) -> Result<Self, CliError> {
        let name = out.file_name().ok_or_else(|| CliError::Input(format!("{} names no folder", out.display())))?;
        if out.exists() {
            let mut inside = std::fs::read_dir(out)
                .map_err(|error| CliError::Input(format!("{} cannot be used: {error}", out.display())))?;
            if inside.next().is_some() {
                return Err(CliError::Input(format!(
                    "{} is not empty; an export never overwrites, choose another folder",
                    out.display()
                )));
            }
        }
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".unfinished");
        let path = out.with_file_name(hidden);
        if path.exists() {
            return Err(CliError::Input(format!(
                "{} was left by a run that did not end; remove it first",
                path.display()
            )));
        }
        Ok(Self { path, made: std::cell::Cell::new(false) })
    }

    fn make(&self) -> Result<(), CliError> {
        if let Some(parent) = self.path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent)
                .map_err(|error| CliError::Input(format!("{} cannot be made: {error}", parent.display())))?;
        }
        self.folder("")?;
        self.made.set(true);
        Ok(())
    }

    fn folder(&self, name: &str) -> Result<PathBuf, CliError> {
        let path = if name.is_empty() { self.path.clone() } else { self.path.join(name) };
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&path)
            .map_err(|error| CliError::Input(format!("{} cannot be made: {error}", path.display())))?;
        Ok(path)
    }

    fn files(&self, tables: &[Table], formats: &[Format]) -> Result<Files, CliError> {
        let folder = |format: Format| formats.contains(&format).then(|| self.folder(format.word())).transpose();
        Files::new(tables, folder(Format::Csv)?, folder(Format::Parquet)?, folder(Format::Redcap)?)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), CliError> {
        let path = self.path.join(name);
        private_file(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .map_err(|error| CliError::Failure(format!("{} cannot be written: {error}", path.display())))
    }

    fn name(&self, out: &Path) -> Result<(), CliError> {
        std::fs::rename(&self.path, out)
            .map_err(|error| CliError::Failure(format!("{} cannot be named: {error}", out.display())))?;
        self.made.set(false);
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.made.get() {
            // Half a set is of no use to anybody.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
