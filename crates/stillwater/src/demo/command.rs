//! The `demo` subcommand: opens or makes the clinic, prints who to sign in as, and serves it.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use stillwater_care::ids::CompanionId;
use stillwater_clinic::charts;
use stillwater_clinic::clock::{AheadClock, RealClock};
use stillwater_server::App;
use stillwater_server::auth::links::{Invitation, invite_companion};
use stillwater_server::state::Clinic;
use stillwater_store::{Options, Store};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::ending::{CliError, CliResult, Ended};
use crate::serve::asked_to_stop;

use super::live::Script;
use super::{Made, PASSWORD, STAFF, furnish, time};

/// A living clinic of about 60 synthetic people, with a session at home and an infusion in the clinic going on right now.
#[derive(Args, Debug)]
pub struct DemoArgs {
    /// Where the demo keeps its data.
    #[arg(long, default_value = "stillwater-demo")]
    data: PathBuf,
    /// Port on this machine; 0 takes any that is free.
    #[arg(long, default_value_t = 8017)]
    port: u16,
    /// The same seed makes the same people.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Throw the demo's data away and start over.
    #[arg(long)]
    fresh: bool,
}

/// A file that marks a folder as the demo's, so that `--fresh` never removes anything else.
const MARK: &str = "this-is-a-stillwater-demo";

/// Runs the demo until it is stopped.
pub fn run(args: &DemoArgs) -> CliResult {
    tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr))
        .with(Targets::new().with_default(LevelFilter::WARN))
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::failure)?;
    match runtime.block_on(serve(args)) {
        Ok(()) => Ok(Ended::Clean),
        // `{:#}` tells the causes too.
        Err(error) => Err(CliError::Failure(format!("{error:#}"))),
    }
}

async fn serve(args: &DemoArgs) -> Result<()> {
    let started = Instant::now();
    let folder = std::path::absolute(&args.data).context("finding the demo's folder")?;
    let mark = folder.join(MARK);
    if folder.exists() {
        let ours = mark.exists() || std::fs::read_dir(&folder).is_ok_and(|mut files| files.next().is_none());
        if !ours {
            bail!("{} is not a demo folder; choose another with --data", folder.display());
        }
        if args.fresh {
            std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
        }
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    std::fs::write(&mark, "Synthetic people only. `stillwater demo --fresh` removes this folder.\n")
        .with_context(|| format!("writing {}", mark.display()))?;
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port);
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("listening on {address}; choose another port with --port"))?;
    let clock = Arc::new(AheadClock::by_ms(time::ahead_in(&folder)?));
    let clinic = Clinic { name: "Stillwater Demo Clinic".into(), demo: true, ..Clinic::default() };
    let store = Store::open(&folder, Options::default()).context("opening the demo's data")?;
    let app = App::with_door_clock(store, Arc::<AheadClock>::clone(&clock), Arc::new(RealClock), clinic)?;
    let made = if app.charts.summaries().is_empty() {
        eprintln!("Making the demo clinic (seed {}) …", args.seed);
        furnish(&app, args.seed).await?
    } else {
        known(&app).await?
    };
    announce(&app, &made, listener.local_addr()?, &folder, started).await?;
    tokio::spawn(charts::run_ticker(
        Arc::clone(&app.charts),
        app.accounts.clone(),
        Arc::clone(&app.clock),
        app.stop.clone(),
    ));
    let acting = ["patient", "infusion"].into_iter().filter_map(|login| made.people.get(login));
    let acting = acting.map(|patient| Script::of(app.clone(), *patient, args.seed)).collect();
    tokio::spawn(time::pass(app.clone(), clock, folder, acting));
    stillwater_server::serve(app, listener, asked_to_stop()).await.context("serving")
}

/// Who is in a folder that was made before.
async fn known(app: &App) -> Result<Made> {
    let mut made = Made { count: app.charts.summaries().len(), ..Made::default() };
    for login in ["patient", "infusion", "veteran", "survivor", "screening", "today", "again", "moved"] {
        let Some(account) = app.accounts.account_by_login(login).await? else { continue };
        let Some(patient) = account.patient.map(stillwater_care::PatientId) else { continue };
        made.people.insert(login, patient);
        if login == "patient"
            && let Some(open) = app.charts.load(patient).await?
            && let Some(companion) = &open.chart.companion
        {
            made.companion = Some((patient, CompanionId(companion.id.0), companion.name.clone()));
        }
    }
    Ok(made)
}

async fn announce(app: &App, made: &Made, at: SocketAddr, folder: &std::path::Path, started: Instant) -> Result<()> {
    let mut lines = vec![
        format!("http://{at}"),
        String::new(),
        "A demo clinic with synthetic people only. Sign in as:".to_owned(),
        String::new(),
    ];
    let described = [
        ("patient", "in a session at home right now"),
        ("infusion", "an infusion in the clinic right now"),
        ("veteran", "flashbacks and anxiety, four sessions at home"),
        ("survivor", "nightmares and being on guard, one infusion"),
        ("screening", "invited, questionnaires to answer"),
        ("today", "an infusion in the clinic later today"),
        ("again", "well for months, and referred again"),
        ("moved", "treated in the clinic, going on at home"),
    ];
    for staff in STAFF {
        lines.push(format!("  {:<16}{:<16}{PASSWORD}", staff.role.code(), staff.login));
    }
    for (login, what) in described {
        if made.people.contains_key(login) {
            lines.push(format!("  {:<16}{login:<16}{PASSWORD}", "patient"));
            lines.push(format!("  {:<16}({what})", ""));
        }
    }
    if let Some((patient, companion, name)) = &made.companion {
        match invite_companion(app, *patient, *companion, name).await {
            Ok(Invitation { path, code: Some(code), .. }) => {
                lines.push(format!("  {:<16}http://{at}{path}  {code}", "companion"));
            }
            Ok(Invitation { code: None, .. }) | Err(_) => {
                lines.push("  companion     no link could be made; the patient can make one".to_owned())
            }
        }
    }
    lines.push(String::new());
    lines.push(format!("{} people; data in {}; `--fresh` starts over; Ctrl+C stops.", made.count, folder.display()));
    lines.push(format!("Ready after {:.1} s.", started.elapsed().as_secs_f64()));
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", lines.join("\n"))?;
    out.flush()?;
    Ok(())
}
