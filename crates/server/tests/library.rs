//! The evidence library as browsers ask for it: every study has its page, for and against stand beside each other, and what may not be
//! pooled is not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/house.rs"]
mod house;
mod support;

use axum::http::StatusCode;
use house::House;
use stillwater_care::facts::Setting;
use stillwater_testkit::Course;
use support::Browser;

async fn house() -> House {
    let mut course = Course::new();
    course.dosed(Setting::Home);
    House::with(&course).await
}

#[tokio::test]
async fn the_list_puts_for_and_against_in_the_same_type_and_says_what_nobody_knows() {
    let house = house().await;
    let page = house.browser("guide").await.get("/evidence").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.body.matches("panel verdict-side").count(), 2);
    let against = page.body.find("<h2>Against").unwrap();
    assert!(page.body.find("<h2>For").unwrap() < against);
    assert!(page.body[against..].contains("No significant difference in PCL-5"), "the largest trial is missing");
    // For and against say of what; a guideline and a review stand beside the trials and not among them.
    assert!(page.body.contains("<h2>For ketamine in PTSD") && page.body.contains("<h2>Against ketamine in PTSD"));
    let sides = &page.body[page.body.find("panel verdict-side").unwrap()..page.body.find("Reviews, guidance").unwrap()];
    for apart in ["/evidence/va-dod-2023", "/evidence/borgogna-2024", "/evidence/lii-2023"] {
        assert!(!sides.contains(apart) && page.body.contains(apart), "{apart} is counted with the trials");
    }
    assert!(page.body.contains("against ketamine in depression"), "the masked trial does not say of what");
    assert!(
        page.body.contains("New since 2025")
            && page.body.contains("NCT04560660")
            && page.body.contains("never pooled with it")
    );
    assert!(!page.body.contains("found no difference") && !page.body.contains("found nothing"));
    assert!(page.body.contains("What we do not know") && page.body.contains("23 November 2026"));
    for study in stillwater_trials::all() {
        assert!(page.body.contains(&format!("/evidence/{}\"", study.slug)), "{} is not listed", study.slug);
    }
    assert!(!page.body.contains("style=") && !page.body.contains("NaN"));
}

#[tokio::test]
async fn every_study_has_its_page_with_limits_funding_and_sources() {
    let house = house().await;
    let mut guide = house.browser("guide").await;
    for study in stillwater_trials::all() {
        let page = guide.get(&format!("/evidence/{}", study.slug)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", study.slug);
        for words in ["What it cannot say", "Our reading.", "Funding", "Sources", "On its primary outcome"] {
            assert!(page.body.contains(words), "{} lacks {words}", study.slug);
        }
        for number in study.sources() {
            assert!(page.body.contains(&format!("id=\"source-{number}\"")), "{} lacks source {number}", study.slug);
        }
    }
    assert_eq!(guide.get("/evidence/nobody-2099").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_not_checked_says_so_and_shows_no_number() {
    let house = house().await;
    let page = house.browser("guide").await.get("/evidence/pradhan-2018").await;
    assert!(page.body.contains("not checked"));
    assert!(!page.body.contains("34.4") && !page.body.contains("16.5"), "an unchecked number is shown");
}

#[tokio::test]
async fn what_is_ticked_is_pooled_as_the_reference_has_it() {
    let house = house().await;
    let mut guide = house.browser("guide").await;
    let page = guide.get("/evidence/pool?set=exposure-g.after").await;
    assert!(page.body.contains("−1.07 (−1.38 to −0.75)") && page.body.contains("14 trials"), "{}", page.body);
    assert!(page.body.contains("k = 14") && page.body.contains("Hartung") && page.body.contains("I² 55 %"));
    assert!(page.body.contains("between −1.89 and −0.25"));
    let fewer = guide.get("/evidence/pool?set=exposure-g.after&chosen=yes&pick=pe1&pick=pe2&pick=pe3").await;
    assert!(
        fewer.body.contains("k = 3")
            && fewer.body.contains("pool.csv?set=exposure-g.after&amp;chosen=yes&amp;pick=pe1")
    );
}

#[tokio::test]
async fn no_mean_is_told_where_trials_disagree_too_much_or_where_there_is_one() {
    let house = house().await;
    let mut guide = house.browser("guide").await;
    let far = guide.get("/evidence/pool?set=cpt-g.after").await;
    assert!(far.body.contains("No mean is told.") && far.body.contains("94 %"), "{}", far.body);
    assert!(!far.body.contains("−1.71"), "the mean is told all the same");
    assert!(far.body.contains("p below 0.001") && !far.body.contains("p 0.000"), "{}", far.body);
    // Two trials that differ are shown and not pooled until somebody picks them.
    let two = guide.get("/evidence/pool").await;
    assert!(
        two.body.contains("Nothing is pooled until somebody picks") && two.body.contains("Feder 2021"),
        "{}",
        two.body
    );
    assert!(!two.body.contains("−0.67") && two.body.contains("the interval was not reached"));
    let picks: String = two
        .body
        .split("name=\"pick\" value=\"")
        .skip(1)
        .filter(|rest| rest[..rest.find("</label>").unwrap()].contains(" checked"))
        .map(|rest| format!("&pick={}", &rest[..rest.find('"').unwrap()]))
        .collect();
    let asked = guide.get(&format!("/evidence/pool?set=ptsd-g.weeks&chosen=yes{picks}")).await;
    assert!(asked.body.contains("2 trials") && asked.body.contains("−0.67"), "{picks}: {}", asked.body);
    // One prediction interval for one set of trials, on the page of the therapy and where it is pooled.
    let therapy = guide.get("/evidence/prolonged-exposure").await;
    assert!(
        therapy.body.contains("between 0.25 and 1.89")
            && !therapy.body.contains("0.33")
            && !therapy.body.contains("−1.33"),
        "{}",
        therapy.body
    );
    let one = guide.get("/evidence/pool?set=ies-r.24h").await;
    assert!(one.body.contains("fewer than two trials; 1 picked"));
    let none = guide.get("/evidence/pool?set=exposure-g.after&chosen=yes").await;
    assert!(none.body.contains("fewer than two trials; 0 picked") && !none.body.contains("pool.svg"));
}

#[tokio::test]
async fn the_same_people_are_not_pooled_twice_and_a_fall_from_the_start_is_not_offered() {
    let house = house().await;
    let mut guide = house.browser("guide").await;
    let rows = guide.get("/evidence/pool?set=pcl-5.weeks").await;
    assert!(!rows.body.contains("Albott") && !rows.body.contains("Artin"));
    let picks: String = rows
        .body
        .split("name=\"pick\" value=\"")
        .skip(1)
        .map(|rest| format!("&pick={}", &rest[..rest.find('"').unwrap()]))
        .collect();
    assert!(picks.matches("pick").count() > 1, "{picks}");
    let twice = guide.get(&format!("/evidence/pool?set=pcl-5.weeks&chosen=yes{picks}")).await;
    assert!(twice.body.contains("is picked twice"), "{}", twice.body);
}

#[tokio::test]
async fn figures_leave_as_values_and_drawings_and_what_is_not_there_is_not_found() {
    let house = house().await;
    let mut guide = house.browser("guide").await;
    let csv = guide.get("/evidence/figures/pool.csv?set=exposure-g.after").await;
    assert!(csv.body.starts_with("Study,Measured,Control,People,Difference,Low,High,Weight,Standing"), "{}", csv.body);
    assert!(csv.body.contains("Pooled,,,,-1.067,-1.385,-0.750"), "{}", csv.body);
    for path in ["pool.svg?set=exposure-g.after", "own-change.svg", "study-duek-2023.svg"] {
        let svg = guide.get(&format!("/evidence/figures/{path}")).await;
        assert_eq!(svg.status, StatusCode::OK, "{path}");
        assert!(svg.body.contains("<svg xmlns=") && !svg.body.contains("NaN"), "{path}");
    }
    for path in ["pool.png", "nothing.csv", "study-nobody.csv", "pool", "study-abdallah-2022.svg"] {
        assert_eq!(guide.get(&format!("/evidence/figures/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn whoever_is_not_signed_in_reads_nothing() {
    let house = house().await;
    let mut nobody = Browser::of(&house.app);
    for path in ["/evidence", "/evidence/pool", "/evidence/feder-2014", "/evidence/figures/pool.csv"] {
        assert_ne!(nobody.get(path).await.status, StatusCode::OK, "{path}");
    }
}
