//! The codes by which rules speak: what was measured, the limit, what would clear it; what was seen, and why a rule does not
//! apply. They are pinned: a code stands in stored events, and is never renamed nor given another meaning.
//!
//! Each has its sentence in the crate `words`, under `measured-`, `limit-`, `clears-`, `clear-` and `skip-`.

/// What was measured, asked or found missing.
pub mod measured {
    use crate::coded::codes;

    codes! {
        /// Every code with the values that it names.
        ALL {
            never_asked(topic) = "never-asked";
            unconfirmed(topic, from) = "unconfirmed";
            history_yes(topic, from) = "history-yes";
            history_not_known(topic) = "history-not-known";
            history_declined(topic) = "history-declined";
            history_undated(topic, from) = "history-undated";
            history_ago(topic, age) = "history-ago";
            weight_changed(weight, before, change) = "weight-changed";
            body_mass(mass, weight, height) = "body-mass";
            history_old(topic, age) = "history-old";
            answered_another_day(what, age) = "answered-another-day";
            event_in_future() = "event-in-future";
            answered_by(who) = "answered-by";
            answered_by_with(who, detail) = "answered-by-with";
            imported(kind, code, text) = "imported";
            not_asked(question) = "not-asked";
            answer(question, answer) = "answer";
            not_asked_today(what) = "not-asked-today";
            used_when_not_known(what) = "used-when-not-known";
            used_in_future(what) = "used-in-future";
            last_used(what, age) = "last-used";
            dated_in_future(what) = "dated-in-future";
            old(what, age) = "old";
            none_recorded(what) = "none-recorded";
            unreadable(what) = "unreadable";
            unscored(what) = "unscored";
            score(what, points) = "score";
            flag_yes(flag) = "flag-yes";
            flag_unanswered(flag) = "flag-unanswered";
            out_of_range(what, given, least, most) = "out-of-range";
            pressure_upside_down(systolic, diastolic) = "pressure-upside-down";
            nothing_measured() = "nothing-measured";
            off_scale(what, rating, least, most) = "off-scale";
            age(years) = "age";
            resting_readings_old() = "resting-readings-old";
            only_recent(readings) = "only-recent";
            mean_pressure(systolic, diastolic, readings) = "mean-pressure";
            pregnancy_test_positive(age) = "pregnancy-test-positive";
            urine_outside(age) = "urine-outside";
            liver_raised(age) = "liver-raised";
            liver_past_stop(age) = "liver-past-stop";
            consent_withdrawn(age) = "consent-withdrawn";
            consent_version(version) = "consent-version";
            consent_without_notice() = "consent-without-notice";
            medicines_not_gone_through() = "medicines-not-gone-through";
            medicine_taken(name, from) = "medicine-taken";
            medicine_stopped(name, age, from) = "medicine-stopped";
            start_not_known(medicine) = "start-not-known";
            equivalent_not_known(name) = "equivalent-not-known";
            dose(dose) = "dose";
            route_at_home(route) = "route-at-home";
            first_dose(dose) = "first-dose";
            first_dose_low(dose) = "first-dose-low";
            first_dose_low_start(dose) = "first-dose-low-start";
            first_dose_at_home() = "first-dose-at-home";
            order_by_route(route) = "order-by-route";
            order_in_setting(setting) = "order-in-setting";
            order_before_plan(age) = "order-before-plan";
            first_after_route(dose, route) = "first-after-route";
            dose_after(dose, last) = "dose-after";
            rise_after_stop(dose, last) = "rise-after-stop";
            rise_unreviewed(dose, last) = "rise-unreviewed";
            last_dose(route, age) = "last-dose";
            dose_in_future() = "dose-in-future";
            weight(weight, age) = "weight";
            weight_in_future() = "weight-in-future";
            dose_and_by_weight(dose, per_kg, weight, by_weight) = "dose-and-by-weight";
            infusion_time(minutes) = "infusion-time";
            rate_over(rate, minutes) = "rate-over";
            pressure(pressure, age) = "pressure";
            high_readings_today(readings, pressure, age) = "high-readings-today";
            pressure_with_symptom(pressure, age, symptom) = "pressure-with-symptom";
            pressure_and_before(pressure, age, before) = "pressure-and-before";
            sign(what, value, age) = "sign";
            companion_not_briefed() = "companion-not-briefed";
            presence_in_future() = "presence-in-future";
            presence_confirmed(age) = "presence-confirmed";
            moaas(rating, age) = "moaas";
            moaas_alone(rating) = "moaas-alone";
            moaas_since(rating, since) = "moaas-since";
            not_rated_since(since) = "not-rated-since";
            last_rated(age, since) = "last-rated";
            symptom(symptom, age) = "symptom";
            symptom_with_moaas(symptom, age, rating) = "symptom-with-moaas";
            symptom_times(symptom, age, times) = "symptom-times";
            symptom_not_rated(symptom, age) = "symptom-not-rated";
            distress(rating, age) = "distress";
            open_alerts(alerts) = "open-alerts";
            aldrete(rating) = "aldrete";
            aldrete_item_zero() = "aldrete-item-zero";
            minutes_since_dose(minutes) = "minutes-since-dose";
            minutes_since_infusion(minutes) = "minutes-since-infusion";
            sign_off_misdated() = "sign-off-misdated";
            suicide_risk(risk, instrument, age) = "suicide-risk";
            suicidality_on_record(concern, from) = "suicidality-on-record";
            suicidality_on_record_ago(concern, age, from) = "suicidality-on-record-ago";
            found_ineligible(age) = "found-ineligible";
            eligible_elsewhere(setting, age) = "eligible-elsewhere";
            review_said_stop(age) = "review-said-stop";
            serious_event(age) = "serious-event";
            serious_event_stops(age) = "serious-event-stops";
            open_alert(urgency, rule, age) = "open-alert";
            check_not_done(what, age) = "check-not-done";
            not_heard(age) = "not-heard";
            telemedicine_ended(region, until) = "telemedicine-ended";
            no_telemedicine_rule(region) = "no-telemedicine-rule";
            licence_ended(region, until) = "licence-ended";
            licensed_elsewhere(region) = "licensed-elsewhere";
        }
    }
}

/// The limit that a finding is held against: numbers in force, or a condition.
pub mod limit {
    use crate::coded::codes;

    codes! {
        /// Every code with the values that it names.
        ALL {
            history_no(topic) = "history-no";
            history_younger_than(topic, most) = "history-younger-than";
            answered_within(what, most) = "answered-within";
            change_at_most(most) = "change-at-most";
            body_mass_between(least, most) = "body-mass-between";
            answer(question, answer) = "answer";
            none_within(what, hours) = "none-within";
            younger_than(what, most) = "younger-than";
            readable(what) = "readable";
            answered(what) = "answered";
            possible(what) = "possible";
            possible_figure() = "possible-figure";
            possible_pressure() = "possible-pressure";
            possible_dose() = "possible-dose";
            flag_no(flag) = "flag-no";
            score_below(what, cutoff) = "score-below";
            at_most(most) = "at-most";
            at_most_for(most, minutes) = "at-most-for";
            at_least(least) = "at-least";
            between(low, high) = "between";
            above(least) = "above";
            below(most) = "below";
            within(most) = "within";
            or_older(least) = "or-older";
            from_to_below(young, old) = "from-to-below";
            at_least_ago(least) = "at-least-ago";
            an_order() = "an-order";
            a_route() = "a-route";
            route_for_home() = "route-for-home";
            weight_for_cap() = "weight-for-cap";
            weight_for_step() = "weight-for-step";
            weight_at_most_old(most) = "weight-at-most-old";
            start_at(most) = "start-at";
            start_from(least) = "start-from";
            low_start_at(most) = "low-start-at";
            a_supervised_dose_first() = "a-supervised-dose-first";
            a_plan() = "a-plan";
            in_the_safety_programme() = "in-the-safety-programme";
            whole_devices(each) = "whole-devices";
            route_of_plan(route) = "route-of-plan";
            setting_of_session(setting) = "setting-of-session";
            order_after_plan() = "order-after-plan";
            after_last_dose_and_days(least, days) = "after-last-dose-and-days";
            step_at_most(most) = "step-at-most";
            rise_after_review() = "rise-after-review";
            after_last_dose(least) = "after-last-dose";
            readings_within(least, days) = "readings-within";
            pressure_below(systolic, diastolic) = "pressure-below";
            pressure_below_apart(systolic, diastolic, minutes) = "pressure-below-apart";
            pressure_at_least(systolic, diastolic) = "pressure-at-least";
            systolic_at_least(least) = "systolic-at-least";
            reading_younger_than(most) = "reading-younger-than";
            no_pressure_with_symptom() = "no-pressure-with-symptom";
            two_near_baseline(apart, systolic, diastolic) = "two-near-baseline";
            oxygen_at_least(least) = "oxygen-at-least";
            negative() = "negative";
            negative_test() = "negative-test";
            audit_c_score() = "audit-c-score";
            liver_on_record() = "liver-on-record";
            liver_below_stop() = "liver-below-stop";
            within_normal() = "within-normal";
            a_bladder_check() = "a-bladder-check";
            consent_in_force() = "consent-in-force";
            consent_standing() = "consent-standing";
            consent_version(version) = "consent-version";
            consent_with_notice() = "consent-with-notice";
            medicines_gone_through() = "medicines-gone-through";
            no_opioid_within(days) = "no-opioid-within";
            no_maoi_within(days) = "no-maoi-within";
            no_inhibitor_within(days) = "no-inhibitor-within";
            no_inducer_change_within(days) = "no-inducer-change-within";
            no_inducer_by_mouth() = "no-inducer-by-mouth";
            no_theophylline() = "no-theophylline";
            no_effect_blunter() = "no-effect-blunter";
            adult_who_is_there() = "adult-who-is-there";
            companion_briefed() = "companion-briefed";
            seen_there_within(minutes) = "seen-there-within";
            companion_signs_off() = "companion-signs-off";
            no_symptom(symptom) = "no-symptom";
            no_vomiting_when_sedated(least) = "no-vomiting-when-sedated";
            vomiting_once() = "vomiting-once";
            alertness_known() = "alertness-known";
            settled_within(most, minutes) = "settled-within";
            alert_within(hours) = "alert-within";
            fully_alert() = "fully-alert";
            aldrete_at_least(least) = "aldrete-at-least";
            minutes_after_dose(least) = "minutes-after-dose";
            minutes_after_infusion(least) = "minutes-after-infusion";
            no_open_alert() = "no-open-alert";
            done_within(most) = "done-within";
            heard_within(most) = "heard-within";
            a_suicide_screen() = "a-suicide-screen";
            no_risk_found() = "no-risk-found";
            below_moderate() = "below-moderate";
            below_moderate_or_signed() = "below-moderate-or-signed";
            below_high() = "below-high";
            every_item_answered() = "every-item-answered";
            eligible_in_setting(setting) = "eligible-in-setting";
            no_stop_since_decision() = "no-stop-since-decision";
            serious_events_reviewed() = "serious-events-reviewed";
            no_grave_alert() = "no-grave-alert";
            examined_or_allowed() = "examined-or-allowed";
            licensed_where_treated() = "licensed-where-treated";
            licensed_in(region) = "licensed-in";
        }
    }
}

/// What would clear a finding.
pub mod clears {
    use crate::coded::codes;

    codes! {
        /// Every code with the values that it names.
        ALL {
            ask() = "ask";
            ask_again() = "ask-again";
            ask_again_today() = "ask-again-today";
            weigh_again_or_confirm() = "weigh-again-or-confirm";
            measure_height() = "measure-height";
            weigh_and_measure_again() = "weigh-and-measure-again";
            go_through_medicines_again() = "go-through-medicines-again";
            find_out() = "find-out";
            confirm_import() = "confirm-import";
            confirm_import_and_when() = "confirm-import-and-when";
            record_when() = "record-when";
            find_last_use() = "find-last-use";
            correct_time() = "correct-time";
            correct_date() = "correct-date";
            wait_since_use(hours) = "wait-since-use";
            new_one(what) = "new-one";
            measure_now(what) = "measure-now";
            ask_measure_again(what) = "ask-measure-again";
            enter_total(what) = "enter-total";
            ask_the_measure_again(what) = "ask-the-measure-again";
            write_order() = "write-order";
            write_plan_or_order() = "write-plan-or-order";
            correct_order() = "correct-order";
            order_within_cap() = "order-within-cap";
            order_within_step() = "order-within-step";
            order_within_last() = "order-within-last";
            review_or_within_last() = "review-or-within-last";
            reason() = "reason";
            reason_or_lower_dose() = "reason-or-lower-dose";
            reason_or_lower_first_dose() = "reason-or-lower-first-dose";
            reason_or_higher_first_dose() = "reason-or-higher-first-dose";
            lower_first_dose() = "lower-first-dose";
            supervised_dose_or_reason() = "supervised-dose-or-reason";
            fresh_order() = "fresh-order";
            open_plan() = "open-plan";
            another_route_until_recorded() = "another-route-until-recorded";
            start_anew_by_route() = "start-anew-by-route";
            wait_with_free_days(least, days) = "wait-with-free-days";
            treatment_in_clinic() = "treatment-in-clinic";
            wait(least) = "wait";
            weigh() = "weigh";
            weigh_in_kg() = "weigh-in-kg";
            correct_dose_or_weight() = "correct-dose-or-weight";
            write_infusion_time() = "write-infusion-time";
            correct_infusion_time() = "correct-infusion-time";
            longer_infusion() = "longer-infusion";
            record_birth() = "record-birth";
            correct_birth() = "correct-birth";
            nothing_for_adults() = "nothing-for-adults";
            nothing_stops_treatment() = "nothing-stops-treatment";
            reason_and_thoughts_watched() = "reason-and-thoughts-watched";
            reason_and_low_start() = "reason-and-low-start";
            wait_and_cardiac_review(days) = "wait-and-cardiac-review";
            reason_and_cardiac_review() = "reason-and-cardiac-review";
            correct_or_repeat() = "correct-or-repeat";
            take_resting_readings() = "take-resting-readings";
            treat_pressure() = "treat-pressure";
            reason_or_lower_readings() = "reason-or-lower-readings";
            lower_readings_or_clinic() = "lower-readings-or-clinic";
            resolved_and_assessed() = "resolved-and-assessed";
            signs_for_clinic() = "signs-for-clinic";
            breast_feeding_ended() = "breast-feeding-ended";
            negative_after_pregnancy() = "negative-after-pregnancy";
            ask_or_test() = "ask-or-test";
            test_now() = "test-now";
            test_again() = "test-again";
            two_clinicians_in_clinic() = "two-clinicians-in-clinic";
            treat_disorder_or_clinic() = "treat-disorder-or-clinic";
            ask_three_questions() = "ask-three-questions";
            ask_about_use() = "ask-about-use";
            a_liver_panel() = "a-liver-panel";
            reason_or_normal_panel() = "reason-or-normal-panel";
            later_panel() = "later-panel";
            resolved_and_specialist() = "resolved-and-specialist";
            thyroid_treated() = "thyroid-treated";
            signs_with_eye_clinic() = "signs-with-eye-clinic";
            signs_with_resuscitation() = "signs-with-resuscitation";
            reason_and_airway_support() = "reason-and-airway-support";
            clinic_with_breathing_support() = "clinic-with-breathing-support";
            signs_knowing_seizures() = "signs-knowing-seizures";
            bladder_no_longer_active() = "bladder-no-longer-active";
            ask_bladder_check() = "ask-bladder-check";
            ask_bladder_again() = "ask-bladder-again";
            review_bladder() = "review-bladder";
            measure_and_record() = "measure-and-record";
            measure_and_record_again() = "measure-and-record-again";
            sign_consent() = "sign-consent";
            decide_eligibility() = "decide-eligibility";
            decide_again() = "decide-again";
            review_serious_event() = "review-serious-event";
            resolve_alert() = "resolve-alert";
            sign_home_consent() = "sign-home-consent";
            new_consent_if_wished() = "new-consent-if-wished";
            signs_with_grounding_plan() = "signs-with-grounding-plan";
            go_through_medicines() = "go-through-medicines";
            reason_and_breathing_watched() = "reason-and-breathing-watched";
            clinic_and_no_medicine_stopped() = "clinic-and-no-medicine-stopped";
            work_out_equivalent() = "work-out-equivalent";
            reason_and_lowest_dose() = "reason-and-lowest-dose";
            another_day_as_prescribed() = "another-day-as-prescribed";
            wait_after_course(days) = "wait-after-course";
            wait_after_change(days) = "wait-after-change";
            record_start() = "record-start";
            reason_and_never_raised() = "reason-and-never-raised";
            prescriber_changes_it() = "prescriber-changes-it";
            reason_and_extra_readings() = "reason-and-extra-readings";
            reason_and_person_told() = "reason-and-person-told";
            measure_pressure_now() = "measure-pressure-now";
            repeat_after(minutes) = "repeat-after";
            later_reading_with_cause() = "later-reading-with-cause";
            no_dose_today() = "no-dose-today";
            rest_and_lower_reading(minutes, readings) = "rest-and-lower-reading";
            later_count_inside() = "later-count-inside";
            count_full_minute() = "count-full-minute";
            warm_finger_and_repeat() = "warm-finger-and-repeat";
            later_pulse_with_cause() = "later-pulse-with-cause";
            reason_or_later_pulse() = "reason-or-later-pulse";
            rest_then_pulse() = "rest-then-pulse";
            wait_for_fast() = "wait-for-fast";
            name_adult_escort() = "name-adult-escort";
            name_companion() = "name-companion";
            another_adult() = "another-adult";
            brief_companion() = "brief-companion";
            another_companion_or_day() = "another-companion-or-day";
            call_companion() = "call-companion";
            confirm_presence() = "confirm-presence";
            make_room_safe() = "make-room-safe";
            repeat_reading_now() = "repeat-reading-now";
            stop_and_call_help() = "stop-and-call-help";
            no_dose_and_clinician() = "no-dose-and-clinician";
            no_dose_and_clinician_joins() = "no-dose-and-clinician-joins";
            repeat_in_and_ask(minutes) = "repeat-in-and-ask";
            repeat_and_ask() = "repeat-and-ask";
            lay_flat_and_call_help() = "lay-flat-and-call-help";
            lay_flat_and_clinician() = "lay-flat-and-clinician";
            lay_flat_and_repeat() = "lay-flat-and-repeat";
            stop_open_airway() = "stop-open-airway";
            stop_and_support_breathing() = "stop-and-support-breathing";
            reposition_and_oxygen() = "reposition-and-oxygen";
            reposition_and_clinician() = "reposition-and-clinician";
            wake_and_deep_breaths() = "wake-and-deep-breaths";
            wake_and_count() = "wake-and-count";
            rouse_and_clinician() = "rouse-and-clinician";
            stay_near_and_rate() = "stay-near-and-rate";
            measure_and_clinician() = "measure-and-clinician";
            stay_near_and_speak() = "stay-near-and-speak";
            on_side_and_call_help() = "on-side-and-call-help";
            on_side_and_clinician() = "on-side-and-clinician";
            on_side_and_rate() = "on-side-and-rate";
            on_side_and_stay() = "on-side-and-stay";
            support_and_ask(minutes) = "support-and-ask";
            call_help_or_hospital() = "call-help-or-hospital";
            clinician_sees_now() = "clinician-sees-now";
            rate_now_and_again() = "rate-now-and-again";
            stay_until_oriented() = "stay-until-oriented";
            stay_until_steady() = "stay-until-steady";
            stay_until_stopped() = "stay-until-stopped";
            stay_and_support() = "stay-and-support";
            clinician_sees_and_not_alone() = "clinician-sees-and-not-alone";
            explain_and_ask() = "explain-and-ask";
            name_escort() = "name-escort";
            resolve_alerts() = "resolve-alerts";
            do_check_now(what) = "do-check-now";
            connect_again() = "connect-again";
            send_help_home() = "send-help-home";
            prescriber_before_release() = "prescriber-before-release";
            repeat_pressure() = "repeat-pressure";
            stay_until_two_inside() = "stay-until-two-inside";
            measure_it_now() = "measure-it-now";
            measure_it_again() = "measure-it-again";
            stay_until_back() = "stay-until-back";
            rate_it_now() = "rate-it-now";
            rate_it_again() = "rate-it-again";
            stay_until_alert() = "stay-until-alert";
            score_it_now() = "score-it-now";
            score_it_again() = "score-it-again";
            stay_and_score() = "stay-and-score";
            answer_it() = "answer-it";
            stay_longer(minutes) = "stay-longer";
            record_infusion_end() = "record-infusion-end";
            companion_signs_off_now() = "companion-signs-off-now";
            screen_again() = "screen-again";
            reason_with_safety_plan() = "reason-with-safety-plan";
            seen_today_or_later_screen() = "seen-today-or-later-screen";
            seen_and_signed() = "seen-and-signed";
            clinician_is_with_them() = "clinician-is-with-them";
            ask_unanswered_today() = "ask-unanswered-today";
            write_down_region() = "write-down-region";
            examine_in_person() = "examine-in-person";
            show_licence() = "show-licence";
            licensed_prescriber() = "licensed-prescriber";
        }
    }
}

/// What was seen when a rule finds nothing.
pub mod clear {
    use crate::coded::codes;

    codes! {
        /// Every code with the values that it names.
        ALL {
            age(years) = "age";
            none_of_four() = "none-of-four";
            no_stroke_or_recent_event() = "no-stroke-or-recent-event";
            mean_pressure(systolic, diastolic, readings) = "mean-pressure";
            neither_now_nor_ever() = "neither-now-nor-ever";
            not_pregnant_or_feeding() = "not-pregnant-or-feeding";
            no_ketamine_misuse() = "no-ketamine-misuse";
            no_disorder_and_below_cutoffs() = "no-disorder-and-below-cutoffs";
            liver_normal() = "liver-normal";
            liver_below_stop() = "liver-below-stop";
            none_of_three() = "none-of-three";
            neither_present() = "neither-present";
            no_seizures() = "no-seizures";
            bladder_well() = "bladder-well";
            baseline_complete(days) = "baseline-complete";
            consent_signed(version, age) = "consent-signed";
            no_dissociative_disorder() = "no-dissociative-disorder";
            no_opioid() = "no-opioid";
            no_alcohol_or_cannabis() = "no-alcohol-or-cannabis";
            daily_amount(dose) = "daily-amount";
            no_benzodiazepine_today() = "no-benzodiazepine-today";
            no_stimulant() = "no-stimulant";
            no_grapefruit() = "no-grapefruit";
            no_inhibitor_or_inducer() = "no-inhibitor-or-inducer";
            no_theophylline() = "no-theophylline";
            no_maoi() = "no-maoi";
            no_effect_blunter() = "no-effect-blunter";
            medicines_current() = "medicines-current";
            dose_by(dose, route) = "dose-by";
            no_earlier_dose() = "no-earlier-dose";
            a_supervised_dose() = "a-supervised-dose";
            in_the_safety_programme() = "in-the-safety-programme";
            last_dose(route, age) = "last-dose";
            weight_and_doses_agree() = "weight-and-doses-agree";
            weight_steady() = "weight-steady";
            body_mass(mass) = "body-mass";
            rate_over(rate, minutes) = "rate-over";
            pressure(pressure, age) = "pressure";
            no_pressure() = "no-pressure";
            sign(what, value, age) = "sign";
            fasted_with_ride() = "fasted-with-ride";
            sober_adult_is_there() = "sober-adult-is-there";
            room_safe() = "room-safe";
            moaas(rating) = "moaas";
            no_symptom() = "no-symptom";
            distress(rating) = "distress";
            since_dose(since) = "since-dose";
            oriented_and_steady(since) = "oriented-and-steady";
            alert(since) = "alert";
            release_checks() = "release-checks";
            signs_are_back() = "signs-are-back";
            check_not_late(what) = "check-not-late";
            contact_kept() = "contact-kept";
            minutes_since_dose(minutes) = "minutes-since-dose";
            low_risk(instrument, age) = "low-risk";
            moderate_risk_signed(instrument, age) = "moderate-risk-signed";
            no_risk_found(instrument, age) = "no-risk-found";
            eligible_since(setting, age) = "eligible-since";
            no_serious_event_open() = "no-serious-event-open";
            no_grave_alert() = "no-grave-alert";
            examined_in_person(age) = "examined-in-person";
            telemedicine_until(region, until) = "telemedicine-until";
            licensed_until(region, until) = "licensed-until";
        }
    }
}

/// Why a rule does not apply.
pub mod skip {
    use crate::coded::codes;

    codes! {
        /// Every code with the values that it names.
        ALL {
            route_not_offered() = "route-not-offered";
            not_esketamine() = "not-esketamine";
            no_infusion() = "no-infusion";
            home_judges_pressure() = "home-judges-pressure";
            clinic_judges_pressure() = "clinic-judges-pressure";
            breathing_not_measured_at_home() = "breathing-not-measured-at-home";
            no_oximeter() = "no-oximeter";
            staff_in_the_room() = "staff-in-the-room";
            room_of_the_clinic() = "room-of-the-clinic";
            no_session() = "no-session";
            sign_not_watched(what) = "sign-not-watched";
            no_pressure_read() = "no-pressure-read";
            no_pulse_read() = "no-pulse-read";
            no_saturation_read() = "no-saturation-read";
            no_breathing_counted() = "no-breathing-counted";
            no_rating() = "no-rating";
            no_distress_rating() = "no-distress-rating";
            no_dose() = "no-dose";
            seen_in_the_clinic() = "seen-in-the-clinic";
        }
    }
}
