//! `stillwater report`: what everybody's courses add up to, as one page that needs nothing else and can be printed.

use std::path::PathBuf;

use clap::ValueEnum;
use jiff::Timestamp;
use stillwater_care::facts::Setting;
use stillwater_care::protocol::Protocols;
use stillwater_clinic::charts;
use stillwater_programme::{Figures, Filter, Prior};
use stillwater_server::programme;
use stillwater_store::{Options, Store, StreamKind};

use crate::data::{self, Folder};
use crate::ending::{CliError, CliResult, Ended, print_line};
use crate::export::write_private;
use crate::progress::Progress;

const AFTER: &str = "\
The page holds every figure of the programme page with its table: the funnel, change, response, remission and worsening by
time, time to loss of response, symptoms, functioning, adverse events per 100 doses, and how soon alerts were answered. It
names nobody, but counts of few people can point to somebody: treat it as you treat the record.

Examples:
  stillwater report --programme --data /srv/stillwater --out programme.html
  stillwater report --programme --setting home --veteran yes --out veterans-at-home.html

Exit codes: 0 written; 2 no such folder or protocol, or the file exists; 3 it could not be written.";

/// Where somebody is treated.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum SettingName {
    Clinic,
    Home,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

/// What was tried before.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Before {
    NoTherapy,
    Therapy,
    TwoMedicines,
    Ketamine,
}

impl From<Before> for Prior {
    fn from(before: Before) -> Self {
        match before {
            Before::NoTherapy => Self::NoTherapy,
            Before::Therapy => Self::Therapy,
            Before::TwoMedicines => Self::TwoMedicines,
            Before::Ketamine => Self::Ketamine,
        }
    }
}

/// Which report.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The programme: everybody's courses together (the only report there is so far)
    #[arg(long, required = true)]
    programme: bool,
    #[command(flatten)]
    folder: Folder,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Only those on this protocol, by its id
    #[arg(long, value_name = "ID")]
    protocol: Option<String>,
    /// Only those treated here
    #[arg(long, value_name = "WHERE")]
    setting: Option<SettingName>,
    /// Only those who served in the armed forces, or did not
    #[arg(long, value_name = "YES OR NO")]
    veteran: Option<YesNo>,
    /// Only those treated at this site, in the clinic's own words
    #[arg(long, value_name = "NAME")]
    site: Option<String>,
    /// Only those who had this before
    #[arg(long, value_name = "WHAT")]
    prior: Option<Before>,
    /// The clinic's name, as the report is to show it
    #[arg(long, value_name = "NAME", default_value = "Stillwater")]
    clinic: String,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    data::existing(&args.folder.path)?;
    let filter = filter(args)?;
    if args.out.exists() {
        return Err(CliError::Input(format!(
            "{} exists; a report never overwrites, choose another name",
            args.out.display()
        )));
    }
    let now = Timestamp::now();
    let store = Store::open(&args.folder.path, Options::default())?;
    let total = store.streams(StreamKind::Patient).map_err(CliError::failure)?.open.len() as u64;
    let mut progress = Progress::new("people");
    let lines = charts::lines(&store, Protocols::built_in(), now, &mut |read| progress.at(read, total))
        .map_err(CliError::failure)?;
    progress.end();
    let figures = Figures::of(&lines, &filter, now.as_second());
    let page = programme::report(&figures, &args.clinic, &asked(args), "stillwater report", now);
    write_private(&args.out, &page)?;
    print_line(format_args!("{}: {} people, {} treated", args.out.display(), figures.people, figures.treated))?;
    Ok(Ended::Clean)
}

fn filter(args: &Args) -> Result<Filter, CliError> {
    if let Some(wanted) = &args.protocol
        && Protocols::built_in().newest(wanted).is_none()
    {
        let known: Vec<_> = Protocols::built_in().offered().map(|p| p.id.as_str()).collect();
        return Err(CliError::Input(format!("there is no protocol {wanted:?}; there are {}", known.join(", "))));
    }
    Ok(Filter {
        protocol: args.protocol.clone(),
        setting: args.setting.map(|at| match at {
            SettingName::Clinic => Setting::Clinic,
            SettingName::Home => Setting::Home,
        }),
        veteran: args.veteran.map(|answer| matches!(answer, YesNo::Yes)),
        site: args.site.clone(),
        prior: args.prior.map(Prior::from),
    })
}

/// Whose courses, in words.
fn asked(args: &Args) -> String {
    let mut words = Vec::new();
    if let Some(protocol) = &args.protocol {
        words.push(format!("protocol {protocol}"));
    }
    match args.setting {
        Some(SettingName::Clinic) => words.push("treated in the clinic".to_owned()),
        Some(SettingName::Home) => words.push("treated at home".to_owned()),
        None => {}
    }
    match args.veteran {
        Some(YesNo::Yes) => words.push("veterans".to_owned()),
        Some(YesNo::No) => words.push("not veterans".to_owned()),
        None => {}
    }
    words.extend(args.site.iter().map(|site| format!("treated at {site}")));
    words.extend(args.prior.map(|prior| format!("had before: {}", Prior::from(prior).words())));
    if words.is_empty() { "everybody".to_owned() } else { words.join(", ") }
}
