//! The published numbers: every one has a home, a source and a sign, and what is pooled again comes out as published.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use stillwater_evidence::meta::{Arm, mean_difference, standardised_mean_difference};
use stillwater_trials::{
    ArmDifference, Comparison, Group, Headline, Library, Measure, NotPoolable, NotPooled, Quantity, ReportedAs,
    Standing, Verdict, When, all, library, pool, study, unlike,
};

fn near(found: f64, told: f64, tolerance: f64, what: &str) {
    assert!((found - told).abs() <= tolerance, "{what}: {found} is not {told}");
}

fn picked(quantity: Quantity, when: When) -> Vec<ArmDifference> {
    let mut seen = Vec::new();
    let all = library().between().into_iter().filter(|one| one.quantity == quantity && one.when == when);
    all.filter(|one| {
        let new = one.slug.is_none() || !seen.contains(&one.slug);
        seen.push(one.slug.clone());
        new
    })
    .collect()
}

#[test]
fn everything_that_comes_with_the_program_can_be_read() {
    assert_eq!(library().faults(), &[] as &[String]);
    assert_eq!((all().len(), library().rows.len(), library().sources.len()), (39, 103, 67));
    assert!(all().iter().all(|study| study.language == "en-US"), "each study says the language of its words");
}

#[test]
fn every_row_of_numbers_is_reached_from_one_study() {
    for row in &library().rows {
        let homes = all().iter().filter(|study| library().rows_of(study).any(|one| one.number == row.number)).count();
        assert_eq!(homes, 1, "row {} of {}", row.number, row.trial);
    }
    for study in all().iter().filter(|study| study.rows.is_some()) {
        assert!(library().rows_of(study).next().is_some(), "{} names no row", study.slug);
    }
}

#[test]
fn names_in_addresses_are_plain_and_given_once() {
    for (at, one) in all().iter().enumerate() {
        assert!(one.slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", one.slug);
        assert!(all().iter().skip(at + 1).all(|other| other.slug != one.slug), "{} twice", one.slug);
        assert_eq!(study(&one.slug), Some(one));
    }
    assert_eq!(study("nobody-2099"), None);
}

#[test]
fn every_source_that_is_named_is_listed_with_an_address() {
    for study in all() {
        for number in study.sources() {
            assert!(library().source(number).is_some(), "{} names source {number}", study.slug);
        }
    }
    assert!(library().sources.iter().all(|source| source.links.iter().all(|link| link.starts_with("http"))));
    assert!(Library::REVIEWED.starts_with("20"));
}

/// A paper by its number, a registry entry, a guideline, an authority, a data set, or the journal's own page; one release of a company, which
/// is named as that. No clinic's web site.
#[test]
fn sources_lead_to_papers_registries_and_authorities_only() {
    const KNOWN: [&str; 15] = [
        "doi.org",
        "pubmed.ncbi.nlm.nih.gov",
        "pmc.ncbi.nlm.nih.gov",
        "clinicaltrials.gov",
        "www.fda.gov",
        "www.ptsd.va.gov",
        "www.hsrd.research.va.gov",
        "github.com",
        "medrxiv.org",
        "jamanetwork.com",
        "cambridge.org",
        "www.cambridge.org",
        "akjournals.com",
        "psychiatrist.com",
        "www.psychiatrist.com",
    ];
    let links = library().sources.iter().flat_map(|source| source.links.iter().map(move |link| (&source.title, link)));
    let rows = library().rows.iter().filter_map(|row| row.source.as_ref().map(|link| (&row.trial, link)));
    for (of, link) in links.chain(rows) {
        let host = link.split("://").nth(1).unwrap().split('/').next().unwrap();
        assert!(KNOWN.contains(&host) || host == "www.prnewswire.com" && of.contains("Mathai 2024"), "{of}: {link}");
    }
}

#[test]
fn what_was_not_checked_gives_no_number() {
    let unchecked: Vec<_> = library().rows.iter().filter(|row| row.standing == Standing::Unverified).collect();
    assert_eq!(unchecked.len(), 2);
    assert!(unchecked.iter().all(|row| row.numbers().is_none() && row.note().is_none()));
    assert!(library().rows.iter().all(|row| row.source.is_some() || row.standing == Standing::Unverified));
    assert_eq!(study("pradhan-2018").unwrap().headline.shown(), "not checked");
}

#[test]
fn the_largest_trial_stands_against_and_no_study_without_a_control_stands_for() {
    assert_eq!(study("abdallah-2022").unwrap().verdict, Verdict::Against);
    for one in all().iter().filter(|one| matches!(one.group, Group::Uncontrolled | Group::AtHome | Group::Safety)) {
        assert_eq!(one.verdict, Verdict::Neither, "{}", one.slug);
    }
}

#[test]
fn an_interval_holds_its_number_and_has_the_sign_of_the_table() {
    for row in &library().rows {
        let Some(numbers) = row.numbers() else { continue };
        let Some((low, high)) = numbers.interval else { continue };
        let middle = numbers.difference.or(numbers.standardised).unwrap();
        assert!(low <= middle && middle <= high, "row {} of {}: {}", row.number, row.trial, row.outcome);
    }
    let falls = library().own_changes();
    assert!(falls.len() >= 12 && falls.iter().all(|change| change.points < 0.0));
    for trial in ["Feder 2014", "Feder 2021"] {
        let between = library().between();
        let mut symptoms = between.iter().filter(|one| one.study == trial && one.quantity.lower_is_better());
        assert!(symptoms.all(|one| one.effect.value < 0.0), "{trial} favours ketamine, so its difference is negative");
    }
}

#[test]
fn differences_follow_from_the_means_that_stand_beside_them() {
    let mut checked = 0;
    for row in library().rows.iter().filter(|row| row.compared == Comparison::Arms && row.hours != Some(0.0)) {
        let Some(numbers) = row.numbers() else { continue };
        let (Some(n1), Some(m1), Some(s1)) = (numbers.treated, numbers.treated_mean, numbers.treated_sd) else {
            continue;
        };
        let (Some(n2), Some(m2), Some(s2)) = (numbers.control, numbers.control_mean, numbers.control_sd) else {
            continue;
        };
        let (Some(difference), Some(g), Some(se)) =
            (numbers.difference, numbers.standardised, numbers.standardised_error)
        else {
            continue;
        };
        let treated = Arm { n: n1, mean: m1, standard_deviation: s1 };
        let control = Arm { n: n2, mean: m2, standard_deviation: s2 };
        // Means are told with two decimals at most, so a difference may be 0.011 off and a standardised one 0.002.
        near(mean_difference(treated, control).unwrap().value, difference, 0.011, &row.outcome);
        let found = standardised_mean_difference(treated, control).unwrap();
        near(found.value, g, 2e-3, &row.outcome);
        near(found.variance.sqrt(), se, 1e-3, &row.outcome);
        checked += 1;
    }
    assert!(checked >= 17, "{checked}");
}

#[test]
fn a_difference_keeps_the_interval_that_the_table_tells_for_it() {
    let between = library().between();
    let of = |study: &str, quantity| between.iter().find(|one| one.study == study && one.quantity == quantity).unwrap();
    assert_eq!(of("Feder 2014", Quantity::IesR).interval, Some((-22.80, -2.50)));
    assert_eq!(of("Duek 2023", Quantity::Pcl5).interval, Some((-19.16, 11.31)));
    assert_eq!(of("Duek 2023", Quantity::PtsdStandardised).interval, None);
}

#[test]
fn a_change_from_the_own_start_is_refused_by_name() {
    let mut refused = 0;
    for one in all() {
        for row in library().rows_of(one).filter(|row| row.compared == Comparison::OwnStart) {
            assert_eq!(ArmDifference::all_of(one, row), Err(NotPoolable::OwnStart), "row {}", row.number);
            refused += 1;
        }
    }
    assert!(refused >= 15, "{refused}");
}

/// The codes decide what is pooled; the words stand on the page. Where both speak of a scale, they agree.
#[test]
fn the_words_of_a_row_say_what_its_codes_say() {
    let scales =
        [("CAPS-5", Measure::Caps5), ("PCL-5", Measure::Pcl5), ("IES-R", Measure::IesR), ("MADRS", Measure::Madrs)];
    let forms = [
        ("total", ReportedAs::Total),
        ("change", ReportedAs::Change),
        ("adjusted difference", ReportedAs::AdjustedDifference),
    ];
    let mut seen = 0;
    for row in &library().rows {
        for (scale, measure) in scales {
            for (form, reported_as) in forms {
                let words = row.outcome.starts_with(&format!("{scale} {form}"));
                assert_eq!(words, (row.measure, row.reported_as) == (measure, reported_as), "row {}", row.number);
                seen += usize::from(words);
            }
        }
        let response = row.outcome.starts_with("response: ");
        assert_eq!(response, row.reported_as == ReportedAs::Share, "row {}", row.number);
        assert_eq!(
            row.comparator.starts_with("own baseline"),
            row.compared == Comparison::OwnStart,
            "row {}",
            row.number
        );
    }
    assert_eq!(seen, 28);
}

#[test]
fn pools_baselines_counts_and_unchecked_rows_are_refused_by_name() {
    let why = |slug: &str, outcome: &str| {
        let one = study(slug).unwrap();
        let row = library().rows_of(one).find(|row| row.outcome.starts_with(outcome)).unwrap();
        ArmDifference::all_of(one, row).unwrap_err()
    };
    assert_eq!(why("borgogna-2024", "pooled PTSD"), NotPoolable::AlreadyPooled);
    assert_eq!(why("duek-2023", "PCL-5 total, before"), NotPoolable::Before);
    assert_eq!(why("feder-2014", "participant flow"), NotPoolable::NotAnEffect);
    assert_eq!(why("pradhan-2017", "days of sustained"), NotPoolable::NotChecked);
    assert_eq!(why("albott-2018", "PTSD remission"), NotPoolable::NothingCompared);
}

#[test]
fn prolonged_exposure_pools_to_the_reference() {
    // R 4.2.2 with metafor 3.8-1, REML with Knapp and Hartung, sign turned; six figures printed.
    let found = pool(&picked(Quantity::ProlongedExposure, When::AfterTherapy)).unwrap();
    assert_eq!((found.pooled.trials, found.headline), (14, Headline::Mean));
    near(found.pooled.mean.value, -1.067_337, 1e-4, "mean");
    near(found.pooled.mean.standard_error, 0.147_018, 1e-4, "standard error");
    near(found.pooled.mean.interval.low, -1.384_951, 2e-4, "low");
    near(found.pooled.mean.interval.high, -0.749_723, 2e-4, "high");
    near(found.pooled.tau_squared, 0.122_129, 1e-4, "tau squared");
    near(found.pooled.i_squared, 55.2924, 0.02, "I squared");
    near(found.pooled.q.statistic, 26.975_916, 1e-5, "Q");
    let prediction = found.pooled.prediction.unwrap().hartung_knapp.unwrap();
    near(prediction.low, -1.886_409, 3e-4, "prediction");
    near(prediction.high, -0.248_264, 3e-4, "prediction");
}

#[test]
fn trials_that_disagree_too_much_get_no_headline() {
    let found = pool(&picked(Quantity::CognitiveProcessing, When::AfterTherapy)).unwrap();
    near(found.pooled.tau_squared, 1.453_773, 1e-3, "tau squared");
    near(found.pooled.i_squared, 93.8674, 0.02, "I squared");
    near(found.pooled.mean.interval.low, -3.023_155, 1e-3, "low");
    assert!(matches!(found.headline, Headline::Withheld(_)));
}

#[test]
fn two_trials_of_ketamine_pool_to_an_interval_that_says_little() {
    // Python with scipy 1.17.1: the restricted likelihood maximised over tau squared, then Hartung and Knapp by hand.
    let found = pool(&picked(Quantity::PtsdStandardised, When::Weeks)).unwrap();
    assert_eq!(found.pooled.trials, 2);
    near(found.pooled.mean.value, -0.665_215, 1e-4, "mean");
    near(found.pooled.mean.standard_error, 0.463_849, 1e-4, "standard error");
    near(found.pooled.tau_squared, 0.274_840, 1e-4, "tau squared");
    assert!(found.pooled.mean.interval.high > 0.0);
    // Unasked they are not pooled at all, while the many trials of one therapy are.
    assert!(matches!(unlike(&picked(Quantity::PtsdStandardised, When::Weeks)), Some(NotPooled::NotPicked { .. })));
    assert_eq!(unlike(&picked(Quantity::ProlongedExposure, When::AfterTherapy)), None);
    let response = pool(&picked(Quantity::PtsdResponse, When::Weeks)).unwrap();
    near(response.pooled.mean.value, 0.329_184, 1e-4, "response");
}

#[test]
fn one_trial_two_times_two_quantities_and_the_same_people_are_not_pooled() {
    let next_day = picked(Quantity::IesR, When::NextDay);
    assert_eq!(pool(&next_day), Err(NotPooled::TooFew { found: 1 }));
    assert_eq!(pool(&[]), Err(NotPooled::TooFew { found: 0 }));
    let every = library().between();
    let of = |study: &str, quantity, when| {
        let all = every.iter().filter(move |one| one.study == study && one.quantity == quantity && one.when == when);
        all.cloned().collect::<Vec<_>>()
    };
    let duek = of("Duek 2023", Quantity::Pcl5, When::Weeks);
    assert!(duek.len() > 1);
    assert!(matches!(pool(&duek), Err(NotPooled::SamePeopleTwice { .. })));
    let month = of("Duek 2023", Quantity::Pcl5, When::Month);
    assert!(matches!(pool(&[duek[0].clone(), month[0].clone()]), Err(NotPooled::TwoTimes { .. })));
    assert!(matches!(pool(&[duek[0].clone(), next_day[0].clone()]), Err(NotPooled::TwoQuantities { .. })));
}
