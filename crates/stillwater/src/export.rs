//! `stillwater export`: one person's whole record, for a machine (JSON) and for a reader (one printable page), or with
//! `--study` a de-identified set of everybody.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};
use stillwater_care::chart::Chart;
use stillwater_care::code::Code as _;
use stillwater_care::ids::PatientId;
use stillwater_clinic::charts::{Charts, LoadedChart};

use crate::data::{self, Folder};
use crate::ending::{CliError, CliResult, Ended, print_line};
use crate::page;
use crate::study;

const AFTER: &str = "\
Two files are written, readable only by you: PATIENT.json with every event as it was recorded and a summary, and
PATIENT.html, one page that needs nothing else and can be printed. They are not sealed: treat them as the record itself.

With --study, a folder of tables about everybody is written for research: no names, pseudonyms, dates moved, rare
combinations made coarser, a codebook and a README. Who asked for it is recorded. It is not for publishing.

Examples:
  stillwater export 0199f6d2-0000-7000-8000-000000000001 --data /srv/stillwater --out /safe
  stillwater export \"Synthetic Sample\" --data /srv/stillwater --out /safe
  stillwater export --study --by manager --data /srv/stillwater --out /safe/set

Exit codes: 0 written; 1 written, and a chart that could not be read was left out; 2 no such person or folder, more than
one person of that name, the files exist, nobody of that sign-in name who may, or too few people; 3 they could not be
written.";

/// Whose record.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The patient's id, or the full name where only one person has it
    #[arg(required_unless_present = "study", conflicts_with = "study")]
    patient: Option<String>,
    /// A de-identified set of everybody for research, in place of one record
    #[arg(long, requires = "by")]
    study: bool,
    #[command(flatten)]
    folder: Folder,
    /// The folder to write into
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    #[command(flatten)]
    set: study::Asked,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    data::existing(&args.folder.path)?;
    let now = Timestamp::now();
    let Some(whose) = &args.patient else {
        return study::run(&args.folder.path, &args.out, &args.set, now);
    };
    let charts = data::charts(&args.folder.path, now)?;
    let patient = find(&charts, whose)?;
    let open = charts
        .load_blocking(patient)
        .map_err(CliError::failure)?
        .ok_or_else(|| CliError::Input(format!("there is no patient {patient} in {}", args.folder.path.display())))?;
    std::fs::create_dir_all(&args.out)
        .map_err(|error| CliError::Input(format!("{} cannot be made: {error}", args.out.display())))?;
    let record = args.out.join(format!("{patient}.json"));
    let printable = args.out.join(format!("{patient}.html"));
    for path in [&record, &printable] {
        if path.exists() {
            return Err(CliError::Input(format!(
                "{} exists; an export never overwrites, choose another folder",
                path.display()
            )));
        }
    }
    let json = serde_json::to_string_pretty(&whole(&open, now)?).map_err(CliError::failure)?;
    write_private(&record, &json)?;
    write_private(&printable, &page::record(&open, now))?;
    print_line(format_args!("{}\n{}", record.display(), printable.display()))?;
    print_line(format_args!(
        "{} events. These files are not sealed: keep them as you keep the record.",
        open.log.len()
    ))?;
    Ok(Ended::Clean)
}

fn find(charts: &Charts, given: &str) -> Result<PatientId, CliError> {
    if let Ok(id) = given.parse::<PatientId>() {
        return Ok(id);
    }
    let known = page::known_people(charts);
    let wanted = given.trim().to_lowercase();
    let found: Vec<_> = known.iter().filter(|((name, _), _)| *name == wanted).collect();
    match found.as_slice() {
        [(_, id)] => Ok(**id),
        [] => Err(CliError::Input(format!(
            "there is nobody called {given:?} here; give the full name or the patient's id"
        ))),
        several => {
            let each: Vec<_> = several.iter().map(|((_, born), id)| format!("{id} (born {born})")).collect();
            Err(CliError::Input(format!("more than one person is called {given:?}; give the id: {}", each.join(", "))))
        }
    }
}

/// Every event, and what they add up to.
fn whole(open: &LoadedChart, now: Timestamp) -> Result<Value, CliError> {
    let events: Result<Vec<_>, _> = open.log.iter().map(|recorded| recorded.to_json()).collect();
    Ok(json!({
        "format": "stillwater-export/1",
        "exported_at": now,
        "patient": open.chart.id,
        "summary": summary(&open.chart),
        "events": events.map_err(CliError::failure)?,
    }))
}

fn summary(chart: &Chart) -> Value {
    let history: serde_json::Map<String, Value> =
        chart.history.iter().map(|(topic, fact)| (topic.code().to_owned(), json!(fact))).collect();
    let measures: Vec<Value> = chart
        .standing(&chart.measures)
        .map(|m| json!({"instrument": m.value.instrument, "at": m.occurred_at, "scores": m.value.scores}))
        .collect();
    let doses: Vec<Value> = chart
        .standing(&chart.doses)
        .map(|d| json!({"at": d.value.taken_at, "route": d.value.route, "dose_mg": d.value.dose_mg, "dose_mg_per_kg": d.value.dose_mg_per_kg}))
        .collect();
    json!({
        "demographics": chart.demographics,
        "phase": stillwater_words::terms::phase(stillwater_words::Words::english(), chart.phase()),
        "referral_reason": chart.course().map(|course| course.referral_reason.as_str()),
        "referral_source": chart.course().map(|course| course.referral_source.as_str()),
        "history": history,
        "medicines": chart.medicines,
        "imported_medicines": chart.imported_medicines,
        "measures": measures,
        "doses": doses,
        "open_alerts": chart.open_alerts().len(),
    })
}

/// Written under another name first, so that a file with the right name is a whole one.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<(), CliError> {
    let unfinished = path.with_extension("unfinished");
    let written = (|| {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&unfinished, path)
    })();
    written.map_err(|error| {
        // What is left of it is of no use to anybody.
        let _ = std::fs::remove_file(&unfinished);
        CliError::Failure(format!("{} cannot be written: {error}", path.display()))
    })
}
