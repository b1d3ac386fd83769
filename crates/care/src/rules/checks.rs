//! Tests that hold for every rule of the list at once: unique, sourced, tightened and never loosened, silent about a
//! well person, and blocking when nothing is known.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use super::testing::{now, set, well, words};
use super::*;
use crate::code::Code as _;
use crate::facts::Setting;

/// Departures from the well person, one a line, chosen so that each limit of each rule stands close to a figure.
const DEPARTURES: &str = "
    gate=eligibility; gate=order; gate=dose; history asked=100 d; history asked=200 d; answered today=3 h; gone through=8 d
    gate=order | measure audit-c=100 d; gate=order | screening bp=118/76@40 d, 118/76@40 d; list unchanged=no
    gate=eligibility | liver-panel=normal 60 d; gate=eligibility | measure dast-10=60 d; gate=eligibility | history asked=60 d
    weights=70@10 d, 74@1 d; weights=70@10 d, 85@1 d; weights=70@10 d, 85@2 d, 85.5 by other@1 d; height=none; height=120 | weight=100; weight=26
    opioid today=2 h; opioid today=8 d; maoi today=2 h; maoi today=15 d; pregnant today=yes; pregnant today=none
    age years=none; age years=17; age years=20; age years=70; age years=130
    aneurysm=yes; stroke=yes; stroke=none
    cardiac-event=yes 10 d; cardiac-event=yes 100 d; cardiac-event=yes 200 d; cardiac-event=yes; cardiac-event=unknown
    screening bp=none; screening bp=150/95@3 d, 150/95@2 d; screening bp=170/95@3 d, 170/95@2 d; screening bp=80/120@3 d
    psychosis-current=yes; psychosis-lifetime=yes; mania-lifetime=candidate
    could-be-pregnant=yes; could-be-pregnant=yes | pregnancy-test=normal 3 d; pregnancy-test=abnormal 1 d; breast-feeding=yes
    ketamine-misuse=yes; substance-use-disorder-moderate=yes; opioid-use-disorder=yes
    sex=male; sex=none; score audit-c.total=5; score dast-10.total=1; score dast-10.total=6; measure audit-c=200 d; measure dast-10=none
    liver-disease-severe=yes; liver-panel=raised 5 d; liver-panel=abnormal 5 d; liver-panel=none; liver-panel=normal 100 d
    raised-intracranial-pressure=yes; glaucoma=yes; sleep-apnoea=yes; lung-disease=yes; seizures=yes
    bladder-disease=yes; flag bladder-check.blood=yes; score bpic-ss.total=5; measure bladder-check=none
    urinalysis=none; weight=none; weight age=40 d; weight=999; measure asq=none; measure pcl-5-month=none
    consent=none; signed=200 d; version=old; withdrawn=1 h; home notice=no; dissociative-disorder=yes
    medicines=none; medicines=opioid; medicines=opioid stopped 8 d; medicines=benzodiazepine 5; medicines=benzodiazepine 20
    medicines=strong-cyp-inhibitor; medicines=strong-cyp-inhibitor stopped 6 d; medicines=cyp-inducer started 90 d
    medicines=cyp-inducer; medicines=theophylline; medicines=maoi; medicines=maoi stopped 15 d; medicines=effect-blunter
    medicines=stimulant; medicines=thyroid-hormone; medicines=not-classed; medicines=not-classed stopped 15 d; medicines=other; imported=opioid; imported=not-classed
    alcohol=2 h; alcohol=none; benzodiazepine today=yes; benzodiazepine today=none; stimulant today=2 h; stimulant today=13 h
    grapefruit=2 h; grapefruit=80 h; grapefruit=none
    route=none; order=none; dose mg=0; dose mg=60; dose mg=80; dose mg=250; dose mg=450; mg/kg=0.9; infusion min=none; infusion min=5
    route=oral | dose mg=20; route=intravenous | dose mg=35; route=intramuscular | dose mg=35; route=sublingual | dose mg=100; route=oral | dose mg=100
    route=nasal-esketamine | dose mg=56; route=intravenous | dose mg=110 | weight=140
    doses=intravenous 35 mg 0.5 mg/kg @30 d; doses=intravenous 35 mg @1 d; doses=sublingual 100 mg @30 d
    route=intravenous | dose mg=38 | doses=intravenous 35 mg @30 d; route=intramuscular | dose mg=38 | doses=intramuscular 35 mg @30 d
    route=sublingual | dose mg=110 | doses=sublingual 100 mg @30 d; route=oral | dose mg=38 | doses=oral 35 mg @30 d
    route=nasal-esketamine | dose mg=70 | doses=nasal-esketamine 56 mg @30 d; route=oral | dose mg=300 | weight=150
    doses=intravenous 20 mg @30 d unreviewed; doses=intravenous 20 mg @30 d stopped; route=sublingual | doses=none
    age years=70 | dose mg=17.5; age years=70 | route=intramuscular | dose mg=17.5; age years=70 | route=sublingual | dose mg=50 | doses=none
    age years=70 | route=oral | dose mg=17.5; age years=70 | route=oral | dose mg=50 | weight=200; age years=70 | route=nasal-esketamine | dose mg=28
    route=sublingual | dose mg=100 | doses=none | weight=50; plan=none; plan route=oral; plan opened=1 h; order written=none
    doses=oral 35 mg @30 d at home
    reading=none; reading=150/95@5 min; reading=170/95@5 min; reading=85/55@5 min; reading=92/70@5 min; reading=80/120@5 min
    reading=118/76@40 min; reading=165/85@15 min, 130/80@5 min; reading=145/85@10 min, 130/80@5 min
    pulse=105@5 min; pulse=115@5 min; pulse=130@5 min; pulse=47@5 min; pulse=40@5 min; pulse=none; pulse=19@5 min
    saturation=93@5 min; saturation=90@5 min; saturation=none; oximeter=no; breathing=27@5 min; breathing=35@5 min; breathing=none
    fasted=no; fasted=none; escort=no; companion=none; sober=no; present=none; present=20 min; room=no; room=none
    session=none; bp=165/95@1 min; bp=185/95@1 min; bp=185/95@9 min, 185/95@1 min; bp=205/95@1 min; bp=175/105@9 min, 175/105@1 min; bp=95/60@1 min; bp=85/60@1 min
    bp=75/50@1 min; bp=165/95@1 min | symptoms=chest-pain@1 min; bp=80/120@1 min; bp=none
    hr=115@1 min; hr=125@1 min; hr=125@9 min, 125@1 min; hr=160@1 min; hr=47@1 min; hr=40@1 min; hr=300@1 min
    oxygen=93@1 min; oxygen=91@1 min; oxygen=85@1 min; oxygen=140@1 min
    breaths=11@1 min; breaths=9@1 min; breaths=5@1 min; breaths=27@1 min; breaths=35@1 min
    moaas=4@1 min; moaas=3@1 min; moaas=1@1 min; moaas=7@1 min; moaas=none
    symptoms=vomiting@1 min; symptoms=vomiting@9 min, vomiting@1 min; symptoms=unresponsive@1 min; symptoms=panic@1 min
    distress=8@1 min; distress=8@20 min, 8@1 min; distress=12@1 min
    since dose=90 min | moaas=4@1 min; since dose=150 min | moaas=4@1 min; since dose=200 min | moaas=4@1 min
    since dose=250 min | moaas=4@1 min
    blood-pressure due=2 min; blood-pressure due=15 min
    heart-rate due=2 min; heart-rate due=15 min
    oxygen-saturation due=2 min; oxygen-saturation due=15 min
    breathing-rate due=2 min; breathing-rate due=15 min
    alertness due=2 min; alertness due=15 min
    look-in due=2 min; look-in due=16 min; look-in due=25 min
    silent=1 min; silent=3 min; silent=6 min; silent=11 min
    session route=intramuscular; session route=sublingual; session route=oral; session route=nasal-esketamine
    session route=intravenous | infusion ended=30 min; infusion ended=none; since dose=50 min; sign-off=none
    baseline bp=none; baseline spo2=none; last oxygen=90; aldrete=7; aldrete=none; oriented=no; gait=none; open alerts=1; ride=no
    risk=none; risk=low; risk=moderate; risk=moderate | reviewed=yes; risk=high; risk=unanswered; screened=30 h; screened=95 d
    tomorrow=no; stairs=yes; weapon=yes; place=elsewhere; ambulance=40; ambulance=none; danger=yes; seen=telephone; o2=no; trained=none
    gate=release; gate=release | checked=20 min; gate=release | breaths=9@5 min; gate=release | breaths=14@40 min; no driving today=no
    gate=release | no driving=no; gate=release | breathing normal=no
    decision=none; decision=not; decision=clinic; decided=200 d; decided=2 d; course stopped=1 h
    serious events=1 h; serious events=1 h reviewed; serious events=not looked
    region=none; region=US-UT; licences=none; licences=mine US-CO 2026-01-01; telemedicine=2026-01-01 2026-02-01; examined=1 d
    sessions=9 d | pcl-5=40 > 44@2 d; sessions=9 d | pcl-5=40 > 60@2 d; sessions=20 d, 16 d, 14 d, 12 d, 11 d, 10 d, 9 d | pcl-5=50 > 50@2 d
    sessions=20 d, 16 d, 14 d, 12 d, 11 d, 10 d, 9 d | pcl-5=50 > 30@2 d; sessions=190 d; sessions=40 d | measure bladder-check=40 d; sessions=60 d | liver-panel=normal 80 d
    sessions=20 d, 19 d, 18 d, 17 d, 16 d, 15 d, 14 d, 13 d, 12 d, 11 d, 10 d, 9 d; sessions=unknown; misuse=none; misuse=yes no no 0@2 d
    gate=order | misuse=no no no 0@2 d; misuse=no no no 1@2 d; misuse=no no no 3@2 d; misuse=no no no 0@40 d
    liver figures=alt 200/45, ast 22/40, bilirubin 0.7/1.2; liver figures=alt 60/45, ast 22/40, bilirubin 0.7/1.2, ggt 70/60; liver figures=none
    liver-disease-chronic=yes; liver-disease-chronic=yes | child-pugh=b 5 d; child-pugh=c 5 d; score stop-bang.total=6; score stop-bang.total=2; measure stop-bang=60 d
    score audit.total=9; score audit.total=3; bpic before=4 | score bpic-ss.total=7; bpic before=2 | score bpic-ss.total=9; dissociative-subtype-severe=yes
    supply=none; supply=9 of 50; supply=4 of 50 | counted=3 of 4@2 h; supply=8 of 50 | course reviewed=5 d; supply=4 of 50 | counted=none
    alerts open=watch; alerts open=call-clinician; alerts open=emergency; alerts open=not looked
";

/// The well person, every departure from it, and somebody of whom nothing is known.
fn people(setting: Setting) -> Vec<(String, Facts)> {
    let mut people =
        vec![("well".to_owned(), well(setting)), ("nothing known".to_owned(), Facts::nothing_known(now(), setting))];
    for departure in DEPARTURES.lines().flat_map(|line| line.split(';')).map(str::trim).filter(|d| !d.is_empty()) {
        let mut facts = well(setting);
        for cell in departure.split(" | ") {
            let (column, value) = cell.split_once('=').expect("column=cell");
            set(&mut facts, column.trim(), value.trim());
        }
        people.push((departure.to_owned(), facts));
    }
    people
}

fn everybody() -> Vec<(String, Facts)> {
    [Setting::Clinic, Setting::Home].into_iter().flat_map(people).collect()
}

fn gravest(verdict: &Verdict) -> Option<Severity> {
    verdict.findings().iter().map(|finding| finding.severity).max()
}

#[test]
fn every_rule_has_its_own_id_a_source_and_words_that_can_be_signed() {
    let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len(), "two rules share an id");
    for rule in RULES {
        assert!(rule.id.split_once('-').is_some_and(|(number, _)| number.len() == 3), "{}", rule.id);
        for words in [rule.says, rule.no_answer, rule.source] {
            assert!(words.len() > 15 && words.ends_with('.') && !words.contains("  "), "{}: {words:?}", rule.id);
        }
        assert!(rule.source.contains("Clinical reference"), "{}", rule.id);
        assert!(!rule.gates.is_empty(), "{}", rule.id);
        let names: BTreeSet<_> = rule.limits.iter().map(|limit| limit.name).collect();
        assert_eq!(names.len(), rule.limits.len(), "{}: two limits share a name", rule.id);
        assert!(rule.limits.iter().all(|limit| limit.default.is_finite()), "{}", rule.id);
        assert_eq!(super::rule(rule.id).map(|found| found.id), Some(rule.id));
    }
}

#[test]
fn the_list_stands_in_the_order_of_a_course() {
    let group = |rule: &&Rule| "EDRSCF".find(rule.id.chars().next().unwrap()).unwrap();
    assert!(RULES.is_sorted_by_key(|rule| (group(rule), rule.id.split_once('-').unwrap().0)));
}

#[test]
fn a_well_prepared_person_is_held_by_no_rule() {
    for setting in [Setting::Clinic, Setting::Home] {
        for rule in RULES {
            let verdict = rule.judge(&well(setting));
            assert!(verdict.findings().is_empty(), "{} in the {}: {verdict:#?}", rule.id, setting.code());
        }
    }
}

#[test]
fn with_nothing_known_every_rule_before_a_dose_blocks_or_says_why_it_does_not_apply() {
    // The other setting's own rules; what only the home or only a clinic can measure.
    let silent = |setting| match setting {
        Setting::Clinic => [
            "F01-telemedicine",
            "R07-home-supply",
            "R02-first-at-home",
            "R08-esketamine-rems",
            "S01-bp-home",
            "S03-companion",
            "S03-seen",
            "S03-danger",
            "S04-room",
            "S04-place",
            "S04-means",
        ]
        .as_slice(),
        Setting::Home => {
            ["R08-esketamine-rems", "S01-bp-clinic", "S01-oxygen", "S01-breathing", "S11-clinic-ready"].as_slice()
        }
    };
    for setting in [Setting::Clinic, Setting::Home] {
        let facts = Facts::nothing_known(now(), setting);
        for rule in
            RULES.iter().filter(|r| r.gates.iter().any(|g| matches!(g, Gate::Eligibility | Gate::Order | Gate::Dose)))
        {
            let verdict = rule.judge(&facts);
            if silent(setting).contains(&rule.id) {
                assert!(matches!(verdict, Verdict::NotApplicable(_)), "{}: {verdict:?}", rule.id);
            } else {
                assert_eq!(
                    gravest(&verdict),
                    Some(Severity::Block),
                    "{} in the {}: {verdict:?}",
                    rule.id,
                    setting.code()
                );
            }
        }
    }
}

#[test]
fn no_finding_speaks_of_something_that_is_not_a_number() {
    for (who, facts) in everybody() {
        for rule in RULES {
            let verdict = rule.judge(&facts);
            assert!(!format!("{verdict:?}").contains("NaN"), "{} for {who}: {verdict:?}", rule.id);
        }
    }
}

#[test]
fn the_severity_named_is_the_gravest_that_a_rule_gives() {
    let people = everybody();
    for rule in RULES {
        let seen = people.iter().filter_map(|(_, facts)| gravest(&rule.judge(facts))).max();
        assert_eq!(seen, Some(rule.severity), "{}", rule.id);
    }
}

#[test]
fn a_protocol_that_asks_for_looser_limits_changes_no_verdict() {
    let mut looser = BTreeMap::new();
    for rule in RULES {
        for limit in rule.limits {
            let value = match limit.tighter {
                TightenDirection::Lower => limit.default * 10.0 + 1000.0,
                TightenDirection::Higher | TightenDirection::Fixed => 0.0,
            };
            assert!(!limit.allows(value), "{} {}", rule.id, limit.name);
            looser.insert((rule.id.to_owned(), limit.name.to_owned()), value);
        }
    }
    for (who, facts) in everybody() {
        let asked = Facts { tightened: looser.clone(), ..facts.clone() };
        for rule in RULES {
            assert_eq!(rule.judge(&asked), rule.judge(&facts), "{} for {who}", rule.id);
        }
    }
}

#[test]
fn every_limit_that_can_be_tightened_changes_some_verdict_when_it_is() {
    let people = everybody();
    for rule in RULES {
        for limit in rule.limits.iter().filter(|limit| limit.tighter != TightenDirection::Fixed) {
            let tight = if limit.tighter == TightenDirection::Lower { 0.0 } else { 100_000.0 };
            assert!(limit.allows(tight), "{} {}", rule.id, limit.name);
            let key = (rule.id.to_owned(), limit.name.to_owned());
            let moved = people.iter().any(|(_, facts)| {
                let tightened = Facts { tightened: [(key.clone(), tight)].into(), ..facts.clone() };
                words(&rule.judge(&tightened)) != words(&rule.judge(facts))
            });
            assert!(moved, "{}: {} is named but moves nothing", rule.id, limit.name);
        }
    }
}

#[test]
fn a_fixed_limit_stays_and_a_value_that_is_no_number_is_ignored() {
    let fixed = Limit::fixed("x", 15.0, Unit::Minutes);
    assert!((fixed.tightened_to(1.0) - 15.0).abs() < f64::EPSILON && !fixed.allows(1.0) && fixed.allows(15.0));
    let lower = Limit::lower("x", 15.0, Unit::Minutes);
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!((lower.tightened_to(odd) - 15.0).abs() < f64::EPSILON && !lower.allows(odd));
    }
}

#[test]
fn no_limit_at_home_is_looser_than_its_fellow_in_the_clinic() {
    // A home pregnancy test counts for 7 days and a clinic one for a day: the reference says so (E07), and why.
    let excepted = ["max-age-hours of E07"];
    let number = |rule: &Rule| rule.id.split_once('-').unwrap().0;
    let mut compared = 0;
    for (rule, clinic) in RULES.iter().flat_map(|rule| rule.limits.iter().map(move |limit| (rule, limit))) {
        let Some(name) = clinic.name.strip_prefix("clinic-") else { continue };
        // In its own rule, or in the home's twin of a clinic rule.
        let twin = rule.id.replace("-clinic", "-home");
        let fellow = RULES
            .iter()
            .filter(|other| other.id == twin)
            .flat_map(|other| other.limits)
            .find(|limit| limit.name.strip_prefix("home-") == Some(name));
        let Some(home) = fellow else { continue };
        if excepted.contains(&format!("{name} of {}", number(rule)).as_str()) {
            continue;
        }
        compared += 1;
        match clinic.tighter {
            TightenDirection::Lower => assert!(home.default <= clinic.default, "{} {name}", rule.id),
            TightenDirection::Higher => assert!(home.default >= clinic.default, "{} {name}", rule.id),
            TightenDirection::Fixed => panic!("{} {name}: a fixed pair needs its own line here", rule.id),
        }
    }
    assert!(compared >= 15, "only {compared} pairs were compared");
}

#[test]
fn no_rule_finds_less_at_home_than_in_the_clinic() {
    // Each with its reason in its own header: what is not measured or not needed in a home.
    let excepted = [
        "E07-pregnancy-dose",
        "S01-breathing",
        "S02-fasting-ride",
        "S06-duration",
        "S08-release-signs",
        "S08-release-checks",
        "S08-breathing",
        "S11-clinic-ready",
    ];
    for (who, clinic) in people(Setting::Clinic) {
        let mut home = Facts { setting: Setting::Home, ..clinic.clone() };
        if let Some(order) = home.order.as_mut() {
            order.setting = Setting::Home;
        }
        let blocked_by_route = super::rule("R01-dose-cap").unwrap().judge(&home);
        for rule in RULES.iter().filter(|rule| !excepted.contains(&rule.id)) {
            let here = gravest(&rule.judge(&clinic));
            let mut there = gravest(&rule.judge(&home));
            if rule.id == "S01-bp-clinic" {
                there = gravest(&super::rule("S01-bp-home").unwrap().judge(&home));
            }
            if rule.id == "R02-dose-step" || (rule.id == "S01-oxygen" && !home.day.oximeter_issued) {
                // By vein, muscle or nose at home R01 blocks whatever the step; without an oximeter nothing is measured.
                there = there.max(gravest(&blocked_by_route)).max(here.filter(|_| !home.day.oximeter_issued));
            }
            assert!(there >= here, "{} for {who}: {here:?} in the clinic, {there:?} at home", rule.id);
        }
    }
}

#[test]
fn what_can_be_asked_or_measured_is_never_overridden() {
    for (who, facts) in everybody() {
        for rule in RULES {
            for finding in rule.judge(&facts).findings() {
                if finding.severity == Severity::Block && finding.cause != Cause::Met {
                    assert_eq!(rule.override_of(finding), Override::Never, "{} for {who}", rule.id);
                }
            }
        }
    }
}
