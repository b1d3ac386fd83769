//! `stillwater serve`: the clinic's pages, for real use. No invented people; the first administrator comes in by a link.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use stillwater_care::roles::Role;
use stillwater_clinic::accounts::Account;
use stillwater_clinic::charts::{run_ticker, watch_sessions};
use stillwater_clinic::clock::SteadyClock;
use stillwater_clinic::random;
use stillwater_server::auth::links;
use stillwater_server::state::veterans_of;
use stillwater_server::{App, Clinic};
use stillwater_store::{Options, Store};
use tokio::net::TcpListener;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::data::Folder;
use crate::ending::{CliError, CliResult, Ended, print_line};

const AFTER: &str = "\
The folder is made if it does not exist; in it are the database and installation.key, without which the database cannot
be opened: keep a copy of the key somewhere safe. The server listens on this machine only unless told otherwise. Put a
reverse proxy with TLS in front of it and say --secure --behind-proxy.

Example:
  stillwater serve --data /srv/stillwater --clinic \"Sample Clinic\" --on-call-phone 555-0100 --secure --behind-proxy

Exit codes: 0 stopped when asked to; 2 the folder is in use, damaged or not ours; 3 the address cannot be used, or the
disk failed.";

/// Where and how to serve.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    #[command(flatten)]
    folder: Folder,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1", env = "STILLWATER_ADDR")]
    addr: IpAddr,
    /// The port to listen on
    #[arg(long, default_value_t = 8080, env = "STILLWATER_PORT")]
    port: u16,
    /// The clinic's name on every page
    #[arg(long, default_value = "Stillwater", env = "STILLWATER_CLINIC")]
    clinic: String,
    /// The telephone that the team on call answers
    #[arg(long, env = "STILLWATER_ON_CALL_PHONE")]
    on_call_phone: String,
    /// The emergency number of the country
    #[arg(long, default_value = "911", env = "STILLWATER_EMERGENCY_NUMBER")]
    emergency_number: String,
    /// The crisis line of the country
    #[arg(long, default_value = "988", env = "STILLWATER_CRISIS_NUMBER")]
    crisis_number: String,
    /// Browsers reach this server over https
    #[arg(long, env = "STILLWATER_SECURE")]
    secure: bool,
    /// A proxy of yours stands in front and sets X-Forwarded-For
    #[arg(long, env = "STILLWATER_BEHIND_PROXY")]
    behind_proxy: bool,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    if args.on_call_phone.trim().is_empty() {
        return Err(CliError::input(
            "--on-call-phone is empty; patients in need are shown this number, so give one that somebody answers",
        ));
    }
    tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr))
        .with(Targets::new().with_default(LevelFilter::INFO))
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::failure)?;
    runtime.block_on(serve(args))
}

async fn serve(args: &Args) -> CliResult {
    let store = Store::open(&args.folder.path, Options::default())?;
    let clinic = Clinic {
        name: args.clinic.clone(),
        on_call_phone: args.on_call_phone.clone(),
        emergency_number: args.emergency_number.clone(),
        crisis_number: args.crisis_number.clone(),
        crisis_veterans: veterans_of(&args.crisis_number),
        secure: args.secure,
        behind_proxy: args.behind_proxy,
        demo: false,
    };
    let app = App::over(store, Arc::new(SteadyClock::default()), clinic).map_err(CliError::failure)?;
    app.keeps_in(&args.folder.path);
    let address = SocketAddr::new(args.addr, args.port);
    let listener = TcpListener::bind(address).await.map_err(|error| {
        CliError::Failure(format!("{address} cannot be listened on: {error}; choose another with --addr and --port"))
    })?;
    let bound = listener.local_addr().map_err(CliError::failure)?;
    let base = format!("{}://{bound}", if args.secure { "https" } else { "http" });
    print_line(format_args!("Stillwater serves {} at {base}", args.folder.path.display()))?;
    first_administrator(&app, &base).await?;
    let ticker = tokio::spawn(run_ticker(
        Arc::clone(&app.charts),
        app.accounts.clone(),
        Arc::clone(&app.clock),
        app.stop.clone(),
    ));
    let beside = app.clone();
    let sessions = tokio::spawn(async move {
        watch_sessions(&beside.charts, &beside.presence, &*beside.clock, beside.stop.clone()).await;
    });
    stillwater_server::serve(app, listener, asked_to_stop()).await.map_err(CliError::failure)?;
    ticker.await.map_err(CliError::failure)?;
    sessions.await.map_err(CliError::failure)?;
    print_line("Stopped.")?;
    Ok(Ended::Clean)
}

/// Until somebody has set a password, each start prints a new link by which the first administrator can.
async fn first_administrator(app: &App, base: &str) -> Result<(), CliError> {
    const NAME: &str = "First administrator";
    let accounts = app.accounts.accounts().await.map_err(CliError::failure)?;
    if accounts.iter().any(|account| account.password_hash.is_some()) {
        return Ok(());
    }
    let waiting = accounts.iter().find(|account| account.roles.contains(&Role::Administrator));
    let id = match waiting {
        Some(account) => account.id,
        None => {
            let id = random::uuid_v7(app.clock.now_ms())
                .map_err(|_| CliError::failure("the system has no randomness to give"))?;
            let account = Account {
                id,
                login: "administrator".to_owned(),
                display_name: NAME.to_owned(),
                roles: vec![Role::Administrator],
                password_hash: None,
                active: true,
                patient: None,
            };
            app.accounts.create_account(account).await.map_err(CliError::failure)?;
            id
        }
    };
    let invitation = links::invite_account(app, id, NAME)
        .await
        .map_err(|_| CliError::failure("the link for the first administrator cannot be made; is the disk full?"))?;
    print_line(
        "Nobody can sign in yet. Open this link once, within two days, to set the password of the sign-in name \"administrator\":",
    )?;
    print_line(format_args!("  {base}{}", invitation.path))
}

/// Done when the system or the person at the keyboard asks to stop.
pub async fn asked_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
