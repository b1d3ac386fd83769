//! `stillwater screen`: what the eligibility rules say of each person in FHIR records, without a server or a database.
//!
//! The record is taken into a chart by the same commands as in the clinic, so what is shown here is what staff would see
//! right after an import: findings by rule, what nobody has asked yet, and what of the record was not understood.

use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::{Value, json};
use stillwater_care::chart::Chart;
use stillwater_care::chart::facts_from_chart::Scope;
use stillwater_care::command::{Command, Context, decide};
use stillwater_care::event::{Medicine, PatientReferred};
use stillwater_care::facts::Setting;
use stillwater_care::finding::{Cause, Finding, Severity};
use stillwater_care::ids::PatientId;
use stillwater_care::protocol::Protocols;
use stillwater_care::rules::{self, Gate};
use stillwater_fhir::{PersonStanding, ReadPerson, medicines};
use stillwater_store::Uuid;
use stillwater_words::{Words, findings};

use crate::ending::{CliResult, Ended, print_line, print_text, said, warn};
use crate::progress::Progress;
use crate::{data, input};

const AFTER: &str = "\
A file holds one FHIR Bundle, a list of them, or one Bundle a line (NDJSON); \"-\" reads standard input, and gzip is
unpacked. Each person is judged as soon as they are read: a file of any length needs the memory of one bundle. Files of
a bulk export, a resource a line, are given together and put together by patient. With --format json each person is one
line.

Examples:
  stillwater screen referral.json
  stillwater screen people.ndjson --format json --setting home > findings.ndjson

Exit codes: 0 nobody is held back; 1 at least one person is; 2 at least one bundle could not be read.";

/// Whom to screen.
#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// FHIR bundles, JSON or NDJSON
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Where the person would be treated; home is stricter
    #[arg(long, value_enum, default_value_t = SettingName::Clinic)]
    setting: SettingName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum SettingName {
    Clinic,
    Home,
}

/// Runs it.
pub fn run(args: &Args) -> CliResult {
    let now = Timestamp::now();
    let setting = if args.setting == SettingName::Home { Setting::Home } else { Setting::Clinic };
    let total = input::size(&args.files);
    let mut progress = Progress::new("Screening, bytes read");
    let mut ended = Ended::Clean;
    input::people(&args.files, now, |read, bytes| {
        progress.at(bytes, total);
        match read.and_then(|person| screen(person, setting, now)) {
            Ok(screened) => {
                if ended == Ended::Clean && screened.held_back() {
                    ended = Ended::Found;
                }
                match args.format {
                    Format::Text => print_text(&screened.text()),
                    Format::Json => print_line(screened.json()),
                }
            }
            Err(why) => {
                ended = Ended::BadInput;
                if args.format == Format::Json {
                    print_line(json!({ "error": why }))?;
                }
                warn(format_args!("stillwater: {why}"));
                Ok(())
            }
        }
    })?;
    Ok(ended)
}

/// What was found of one person.
struct Screened {
    person: ReadPerson,
    age_years: Option<i64>,
    setting: Setting,
    findings: Vec<Finding>,
}

fn screen(person: ReadPerson, setting: Setting, now: Timestamp) -> Result<Screened, String> {
    let protocols = Protocols::built_in();
    let mut chart = Chart::new(PatientId(Uuid::nil()));
    let referred = PatientReferred {
        demographics: person.demographics.clone(),
        reason: person.referral_reason.clone(),
        source: person.record.source.clone(),
    };
    let commands = [Command::ReferPatient(referred), Command::ImportRecord(person.record.clone())];
    for (number, command) in commands.into_iter().enumerate() {
        // The chart lives only here, so that fixed identities are enough.
        let command_id = Uuid::from_u128(((number as u128) + 1) << 20);
        let context = Context { now, actor: data::importer(), command_id, protocols };
        let drafts = decide(&chart, &context, command)
            .map_err(|refusal| format!("{}: {}", person.record.source, said(&refusal)))?;
        for draft in drafts {
            let seq = chart.seq + 1;
            chart.apply(&draft.at(seq));
        }
    }
    let facts = chart.facts(now, protocols, Scope { setting: Some(setting), ..Scope::default() });
    let eligibility = rules::assess(Gate::Eligibility, &facts);
    let findings = eligibility.iter().flat_map(|a| a.verdict.findings().to_vec());
    // Medicines stand before an order and not before the decision; here, where there is no order yet, they are judged at once.
    let findings = findings.chain(rules::assess_medicines(&facts)).collect();
    Ok(Screened { age_years: chart.age_years(now), person, setting, findings })
}

impl Screened {
    fn held_back(&self) -> bool {
        self.person.standing != PersonStanding::InForce
            || self.findings.iter().any(|finding| finding.severity >= Severity::Escalate && known(finding))
    }

    fn json(&self) -> Value {
        let (missing, found): (Vec<_>, Vec<_>) = self.findings.iter().partition(|finding| !known(finding));
        json!({
            "source": self.person.record.source,
            "name": self.person.demographics.name,
            "birth_date": self.person.demographics.born(),
            "standing": standing(&self.person.standing),
            "age_years": self.age_years,
            "sex": self.person.demographics.sex,
            "veteran": self.person.demographics.veteran,
            "reason": self.person.referral_reason,
            "setting": self.setting,
            "held_back": self.held_back(),
            "findings": found,
            "missing": missing,
            "candidates": self.person.record.facts.iter().filter(|fact| fact.candidate_for.is_some()).collect::<Vec<_>>(),
            "concerns": self.person.record.facts.iter().filter(|fact| fact.concern.is_some()).collect::<Vec<_>>(),
            "medicines": self.person.record.medicines.iter().map(medicine_json).collect::<Vec<_>>(),
            "facts": self.person.record.facts.len(),
            "measurements": self.person.record.measurements.len(),
            "not_understood": self.person.record.not_understood,
        })
    }

    fn text(&self) -> String {
        let words = Words::english();
        let mut out = String::new();
        let mut line = |said: String| {
            out.push_str(&said);
            out.push('\n');
        };
        let age = self.age_years.map_or_else(|| "age not known".to_owned(), |age| format!("{age} years"));
        line(format!(
            "{}, {age}   [{}, {}]",
            self.person.demographics.name,
            words.term(self.setting),
            self.person.record.source
        ));
        line(format!("  {}", self.person.referral_reason));
        if self.person.standing != PersonStanding::InForce {
            line(format!("  NOT TO BE TAKEN ON: {}", standing(&self.person.standing)));
        }
        let (missing, found): (Vec<_>, Vec<_>) = self.findings.iter().partition(|finding| !known(finding));
        if found.is_empty() {
            line("  Findings: none from what is known".to_owned());
        }
        for finding in found {
            line(format!(
                "  {:<8} {}: {} (limit: {})",
                words.term(finding.severity).to_uppercase(),
                finding.rule,
                findings::measured(words, finding),
                findings::limit(words, finding)
            ));
            line(format!("           clears: {}", findings::clears(words, finding)));
        }
        let candidates: Vec<_> =
            self.person.record.facts.iter().filter_map(|fact| Some((fact.candidate_for?, fact))).collect();
        if !candidates.is_empty() {
            line("  In the record, to be confirmed by staff:".to_owned());
        }
        for (topic, fact) in candidates {
            line(format!("           {}: {} {} ({})", words.term(topic), fact.text, fact.status, fact.origin));
        }
        let concerns: Vec<_> = self.person.record.facts.iter().filter_map(|fact| Some((fact.concern?, fact))).collect();
        if !concerns.is_empty() {
            line("  Of weight by itself, in the record:".to_owned());
        }
        for (concern, fact) in concerns {
            line(format!(
                "           {}: {} {} {} ({})",
                words.term(concern),
                fact.text,
                fact.value,
                fact.status,
                fact.origin
            ));
        }
        if !self.person.record.medicines.is_empty() {
            line("  Medicines, imported and not yet confirmed:".to_owned());
        }
        for medicine in &self.person.record.medicines {
            for said in medicine_lines(words, medicine) {
                line(format!("           {said}"));
            }
        }
        if !missing.is_empty() {
            line("  Missing:".to_owned());
        }
        for finding in missing {
            line(format!(
                "           {}: {}; {}",
                finding.rule,
                findings::measured(words, finding),
                findings::clears(words, finding)
            ));
        }
        if !self.person.record.not_understood.is_empty() {
            line("  Not taken over:".to_owned());
        }
        for one in &self.person.record.not_understood {
            line(format!("           {}: {} ({})", one.what, one.why, one.origin));
        }
        line(String::new());
        out
    }
}

/// Whether the record is that of somebody who can be taken on, in words.
fn standing(standing: &PersonStanding) -> String {
    match standing {
        PersonStanding::InForce => "in force".to_owned(),
        PersonStanding::Deceased => "recorded as deceased".to_owned(),
        PersonStanding::ReplacedBy(by) => format!("merged into another record, replaced by {by}"),
        PersonStanding::Inactive => "marked as not active".to_owned(),
    }
}

/// A medicine with its classes, why it has them, and what a person has to look at.
fn medicine_json(medicine: &Medicine) -> Value {
    let classed = medicines::classify_recorded(&medicine.name, &medicine.code);
    let mut told = json!(medicine);
    if let Some(fields) = told.as_object_mut() {
        fields.insert("standing".to_owned(), json!("imported, unconfirmed"));
        fields.insert("why".to_owned(), json!(classed.why));
        fields.insert("look".to_owned(), json!(classed.look));
    }
    told
}

/// The same as lines of text.
fn medicine_lines(words: &Words, medicine: &Medicine) -> Vec<String> {
    let classed = medicines::classify_recorded(&medicine.name, &medicine.code);
    let classes: Vec<String> = medicine.classes.iter().map(|class| words.term(*class)).collect();
    let taken: Vec<&str> = [&medicine.dose, &medicine.route, &medicine.frequency]
        .into_iter()
        .map(String::as_str)
        .filter(|said| !said.is_empty())
        .collect();
    let taken = if taken.is_empty() { String::new() } else { format!(", {}", taken.join(", ")) };
    let stopped = medicine.stopped_at.map(|at| format!(", until {}", at.strftime("%Y-%m-%d"))).unwrap_or_default();
    let mut lines = vec![format!("{}{taken}{stopped}: {} ({})", medicine.name, classes.join(", "), medicine.from)];
    lines.extend(classed.why.into_iter().map(|why| format!("  why: {why}")));
    lines.extend(classed.look.into_iter().map(|look| format!("  look: {look}")));
    lines
}

/// Something is known that the rule found; otherwise nobody has asked or measured yet, or too long ago.
fn known(finding: &Finding) -> bool {
    match finding.cause {
        Cause::Met | Cause::Unknown | Cause::Impossible => true,
        Cause::Missing | Cause::TooOld => false,
    }
}
