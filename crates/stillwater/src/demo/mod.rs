//! `stillwater demo`: a living clinic, made only through the same commands that a real one uses.
//!
//! Every person is plainly synthetic (their family name is *Demo*). Each course is decided in memory, event by event, with
//! the ticker running over the months that pass, and then recorded whole. A session at home and an infusion in the
//! clinic go on right now and move by themselves.

mod answers;
mod cast;
pub mod command;
mod course;
mod live;
mod random;
mod session;
mod time;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use stillwater_care::event::Draft;
use stillwater_care::ids::{CompanionId, PatientId, StaffId};
use stillwater_care::roles::{Actor, Role};
use stillwater_clinic::accounts::Account;
use stillwater_server::App;
use stillwater_server::auth::password::hash_now;
use uuid::Uuid;

/// The password of every demo account. The demo listens on this machine only and holds nobody's data.
pub const PASSWORD: &str = "still water runs deep";

/// A member of the demo's staff.
#[derive(Clone, Copy, Debug)]
pub struct Staff {
    /// Sign-in name.
    pub login: &'static str,
    /// Name shown.
    pub name: &'static str,
    /// Capacity.
    pub role: Role,
    number: u128,
}

/// The staff of the demo clinic.
pub const STAFF: [Staff; 6] = [
    Staff { login: "guide", name: "Gale Demo", role: Role::Guide, number: 1 },
    Staff { login: "prescriber", name: "Piers Demo", role: Role::Prescriber, number: 2 },
    Staff { login: "manager", name: "Mara Demo", role: Role::Manager, number: 3 },
    Staff { login: "administrator", name: "Ada Demo", role: Role::Administrator, number: 4 },
    Staff { login: "guide2", name: "Glen Demo", role: Role::Guide, number: 5 },
    Staff { login: "prescriber2", name: "Petra Demo", role: Role::Prescriber, number: 6 },
];

impl Staff {
    /// Identity.
    #[must_use]
    pub fn id(self) -> StaffId {
        StaffId(Uuid::from_u128(0x5711_0000_0000_7000_8000_0000_0000_0000 | self.number))
    }

    /// How they sign what they do.
    #[must_use]
    pub fn actor(self) -> Actor {
        Actor::Staff { id: self.id(), name: self.name.to_owned(), role: self.role }
    }
}

/// Who can be signed in as, beside the staff.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// People by what they are in the demo: `veteran`, `survivor`, `patient` (in the live session at home), `infusion`, `screening`.
    pub people: BTreeMap<&'static str, PatientId>,
    /// The live session's companion.
    pub companion: Option<(PatientId, CompanionId, String)>,
    /// How many people there are.
    pub count: usize,
    /// How many events tell of them.
    pub events: usize,
}

/// One person's course, decided and not yet recorded.
pub struct Person {
    /// Who.
    pub id: PatientId,
    /// What they are in the demo, for those who can be signed in as.
    pub known_as: Option<&'static str>,
    /// The events.
    pub drafts: Vec<Draft>,
    /// The companion, where there is one.
    pub companion: Option<(CompanionId, String)>,
}

/// Makes the clinic: the same people for the same seed and moment.
///
/// # Errors
/// When a command of the script is refused, which is a defect of the script or of a rule.
pub fn people(seed: u64, now: Timestamp) -> Result<Vec<Person>> {
    cast::all(seed, now)
}

/// Records the clinic and its accounts in an empty installation.
///
/// # Errors
/// When the store refuses, or the installation already holds people.
pub async fn furnish(app: &App, seed: u64) -> Result<Made> {
    if !app.charts.summaries().is_empty() {
        bail!("this folder already holds people; `--fresh` starts over");
    }
    let now = app.clock.now();
    let hash = hash_now(PASSWORD).context("hashing the demo password")?;
    let account = |id: Uuid, login: &str, name: &str, role: Role, patient: Option<Uuid>| Account {
        id,
        login: login.to_owned(),
        display_name: name.to_owned(),
        roles: vec![role],
        password_hash: Some(hash.clone()),
        active: true,
        patient,
    };
    for staff in STAFF {
        app.accounts.create_account(account(staff.id().0, staff.login, staff.name, staff.role, None)).await?;
    }
    let people = people(seed, now)?;
    let mut made = Made { count: people.len(), ..Made::default() };
    let charts = Arc::clone(&app.charts);
    for person in &people {
        made.events += person.drafts.len();
        if let Some(known_as) = person.known_as {
            made.people.insert(known_as, person.id);
        }
        if person.known_as == Some("patient")
            && let Some((companion, name)) = &person.companion
        {
            made.companion = Some((person.id, *companion, name.clone()));
        }
    }
    // Several threads record at once, so that the store can gather their charts into few writes to the disk.
    let known: Vec<(&'static str, PatientId)> = made.people.iter().map(|(name, id)| (*name, *id)).collect();
    let recorded: Vec<Result<()>> = std::thread::scope(|scope| {
        let chunk = people.len().div_ceil(16).max(1);
        let mut workers = Vec::new();
        let mut rest = people;
        while !rest.is_empty() {
            let part: Vec<Person> = rest.drain(..chunk.min(rest.len())).collect();
            let charts = Arc::clone(&charts);
            workers.push(scope.spawn(move || {
                for person in part {
                    charts.record_whole(person.id, person.drafts, now).context("recording a demo chart")?;
                }
                Ok(())
            }));
        }
        workers.into_iter().map(|w| w.join().unwrap_or_else(|_| bail!("a thread that records charts failed"))).collect()
    });
    recorded.into_iter().collect::<Result<Vec<()>>>()?;
    for (login, patient) in known {
        let summary = app.charts.summary(patient).with_context(|| format!("{login} was made and has no chart"))?;
        let name = summary.name.clone();
        app.accounts
            .create_account(account(
                Uuid::from_u128(patient.0.as_u128() ^ 1),
                login,
                &name,
                Role::Patient,
                Some(patient.0),
            ))
            .await?;
    }
    Ok(made)
}
