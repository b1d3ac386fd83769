//! What every handler shares: accounts, charts, clock, keys and the clinic. It knows no route.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use stillwater_care::protocol::Protocols;
use stillwater_clinic::accounts::{AccountStore, AccountsFailure, root_key};
use stillwater_clinic::charts::{Charts, ExecuteError};
use stillwater_clinic::clock::Clock;
use stillwater_clinic::presence::SignsOfLife;
use stillwater_clinic::rota::RotaBook;
use stillwater_store::Store;
use stillwater_ui::ClinicCard;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::auth::keys::Keys;
use crate::auth::limit::RateLimit;
use crate::auth::password::{PasswordFailure, Passwords};
use crate::auth::proofs::Proofs;
use crate::programme::cache::FigureCache;

/// The crisis line of the United States, the one line known here to have something of its own for veterans.
const US_CRISIS_LINE: &str = "988";

/// What veterans do after dialling this crisis line; none where nothing is known of it. Told of another country's line, it
/// would send somebody in danger into a menu that does not exist.
#[must_use]
pub fn veterans_of(crisis_number: &str) -> Option<String> {
    (crisis_number.trim() == US_CRISIS_LINE).then(|| "press 1".to_owned())
}

/// What pages say about the clinic that runs this installation.
#[derive(Clone, Debug)]
pub struct Clinic {
    /// Its name.
    pub name: String,
    /// The telephone that the team on call answers.
    pub on_call_phone: String,
    /// The emergency number of the country.
    pub emergency_number: String,
    /// The crisis line.
    pub crisis_number: String,
    /// What veterans do after dialling it, where the line has something for them.
    pub crisis_veterans: Option<String>,
    /// Whether browsers reach the server over https. Decides the cookie's name, its `Secure` mark and HSTS.
    pub secure: bool,
    /// Whether a proxy of ours stands in front and names the sender in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Whether everything shown is invented, which every page then says.
    pub demo: bool,
}

impl Clinic {
    fn card(&self) -> ClinicCard {
        ClinicCard {
            name: self.name.clone(),
            on_call_phone: self.on_call_phone.clone(),
            emergency_number: self.emergency_number.clone(),
            crisis_number: self.crisis_number.clone(),
            crisis_veterans: self.crisis_veterans.clone(),
            demo: self.demo,
        }
    }
}

impl Default for Clinic {
    fn default() -> Self {
        Self {
            name: "Stillwater".into(),
            on_call_phone: "555-0100".into(),
            emergency_number: "911".into(),
            crisis_number: US_CRISIS_LINE.into(),
            crisis_veterans: veterans_of(US_CRISIS_LINE),
            secure: false,
            behind_proxy: false,
            demo: false,
        }
    }
}

/// A wish that the demo's clock be set on.
#[derive(Debug)]
pub struct Forward {
    /// By how many minutes.
    pub minutes: u32,
    /// Told when the time has passed.
    pub done: oneshot::Sender<()>,
}

/// Where wishes go.
pub type ClockAdvances = mpsc::Sender<Forward>;

/// The limits on guessing.
#[derive(Debug)]
pub struct Limits {
    /// By sign-in name.
    pub by_login: RateLimit,
    /// By personal link, for its code.
    pub by_link: RateLimit,
    /// By the sender's address.
    pub by_address: RateLimit,
}

impl Default for Limits {
    fn default() -> Self {
        const QUARTER_HOUR_MS: i64 = 15 * 60_000;
        Self {
            by_login: RateLimit::new(8, QUARTER_HOUR_MS),
            by_link: RateLimit::new(5, QUARTER_HOUR_MS),
            by_address: RateLimit::new(60, QUARTER_HOUR_MS),
        }
    }
}

/// Everything shared; reached through [`App`].
#[derive(Debug)]
pub struct Parts {
    /// Accounts, sessions, links and the audit trail.
    pub accounts: AccountStore,
    /// Who is still there.
    pub presence: SignsOfLife,
    /// Charts, decided and recorded.
    pub charts: Arc<Charts>,
    /// Who is on duty.
    pub rota: RotaBook,
    /// The programme's figures.
    pub programme: FigureCache,
    /// The present time.
    pub clock: Arc<dyn Clock>,
    /// The keys for sessions, links and forms.
    pub keys: Keys,
    /// The clinic, and how its server is reached.
    pub clinic: Clinic,
    /// What pages say about the clinic.
    pub card: Arc<ClinicCard>,
    /// Password hashing.
    pub passwords: Passwords,
    /// The limits on guessing.
    pub limits: Limits,
    /// Who has lately shown that it is they.
    pub proofs: Proofs,
    /// The folder in which everything is kept, where that is known.
    folder: OnceLock<PathBuf>,
    /// Where wishes go that the demo's clock be set on; a real clinic has none.
    time_wishes: OnceLock<ClockAdvances>,
    /// Cancelled when the server stops. Every stream ends by it, or stopping would wait for the readers.
    pub stop: CancellationToken,
}

/// The application, cheap to copy.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// Why the application could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Passwords cannot be hashed on this machine.
    #[error(transparent)]
    Passwords(#[from] PasswordFailure),
    /// The charts cannot be read.
    #[error("the charts cannot be read: {0}")]
    Charts(#[from] ExecuteError),
    /// The installation's settings cannot be read or written.
    #[error("the settings cannot be read or written: {0}")]
    Settings(#[from] AccountsFailure),
}

impl App {
    /// The application over an open store: accounts and charts from it, and a key for sessions and links that is made
    /// once and kept there, sealed.
    ///
    /// # Errors
    /// [`StartError`] when the store cannot be read.
    pub fn over(store: Store, clock: Arc<dyn Clock>, clinic: Clinic) -> Result<Self, StartError> {
        let door = Arc::clone(&clock);
        Self::with_door_clock(store, clock, door, clinic)
    }

    /// As [`App::over`], with a clock of its own for sessions, links and the audit trail: in a demo whose clock is set
    /// ahead, nobody is signed out by it.
    ///
    /// # Errors
    /// [`StartError`] when the store cannot be read.
    pub fn with_door_clock(
        store: Store,
        clock: Arc<dyn Clock>,
        door: Arc<dyn Clock>,
        clinic: Clinic,
    ) -> Result<Self, StartError> {
        let root_key = root_key(&store)?;
        let charts = Charts::open(store.clone(), Protocols::built_in(), clock.now())?;
        let rota = RotaBook::open(store.clone());
        let accounts = AccountStore::new(store, door);
        Ok(Self::new(accounts, Arc::new(charts), rota, clock, root_key, clinic)?)
    }

    /// Puts the application together.
    ///
    /// # Errors
    /// When passwords cannot be hashed on this machine.
    pub fn new(
        accounts: AccountStore,
        charts: Arc<Charts>,
        rota: RotaBook,
        clock: Arc<dyn Clock>,
        root_key: [u8; 32],
        clinic: Clinic,
    ) -> Result<Self, PasswordFailure> {
        Ok(Self(Arc::new(Parts {
            accounts,
            presence: SignsOfLife::default(),
            charts,
            rota,
            programme: FigureCache::default(),
            clock,
            keys: Keys::new(root_key),
            card: Arc::new(clinic.card()),
            clinic,
            passwords: Passwords::new()?,
            limits: Limits::default(),
            proofs: Proofs::default(),
            folder: OnceLock::new(),
            time_wishes: OnceLock::new(),
            stop: CancellationToken::new(),
        })))
    }

    /// Says in which folder everything is kept, so that the room left there can be told. The first word stands.
    pub fn keeps_in(&self, folder: &Path) {
        let _ = self.folder.set(folder.to_path_buf());
    }

    /// The folder in which everything is kept, where that is known.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.get().map(PathBuf::as_path)
    }

    /// What staff are told on every page while the watch over the charts does not do its work.
    #[must_use]
    pub fn watch_band(&self) -> Option<String> {
        let watch = self.charts.watch().state();
        let mut says = Vec::new();
        if !watch.ticker_runs() {
            says.push(
                "The program is not looking at the charts in time: missed checks and alarms come late. Watch by hand, and tell whoever runs this installation."
                    .to_owned(),
            );
        }
        match watch.unreadable.len() {
            0 => {}
            1 => says.push("One chart cannot be read, and nobody watches it: see the inbox.".to_owned()),
            n => says.push(format!("{n} charts cannot be read, and nobody watches them: see the inbox.")),
        }
        if self.rota.rota().fault().is_some() {
            says.push(
                "The rota cannot be read: who is on duty is not known, and every alert is every clinician's."
                    .to_owned(),
            );
        }
        (!says.is_empty()).then(|| says.join(" "))
    }

    /// Lets pages offer to set the demo's clock on; who holds the other end lets the time pass. The first offer stands.
    pub fn offer_time(&self, wishes: ClockAdvances) {
        let _ = self.time_wishes.set(wishes);
    }

    /// Where such wishes go, in a demo that offers it.
    #[must_use]
    pub fn time_wishes(&self) -> Option<&ClockAdvances> {
        self.time_wishes.get()
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
