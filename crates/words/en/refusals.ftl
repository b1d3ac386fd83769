# Why something was not done. Each case is said for each reader; what stands in the way, and what is wrong with a value,
# is said once and put into the case.

refusal-not-now-staff = Not now: { $why }. What to do: { $instead }.
refusal-not-now-patient = Not just now: { $why }. What to do: { $instead }.
refusal-not-now-patient-in-session = Not now: { $why }. What to do: { $instead }.
refusal-not-now-companion = Not now: { $why }. What to do: { $instead }.

refusal-invalid-staff = { $field }: { $problem }. It should be { $right }.
refusal-invalid-patient = Please look again: { $problem }. We need { $right }.
refusal-invalid-patient-in-session = { $problem }. It should be { $right }.
refusal-invalid-companion = { $problem }. { $right }

refusal-impossible-staff = { $figure }.
refusal-impossible-patient = Please look at the number again: { $figure }.
refusal-impossible-patient-in-session = { $figure }.
refusal-impossible-companion = { $figure }

refusal-answers-staff = { $error }
refusal-answers-patient = One answer could not be read: { $item }. It takes { $allowed }.
refusal-answers-patient-in-session = One of the answers could not be read. Please choose again.
refusal-answers-companion = That is not possible just now. Call the team.

refusal-blocked-staff = The { $gate } step is held by { $findings }
refusal-blocked-patient = { $first }
refusal-blocked-patient-in-session = Your dose is on hold. { $first }
refusal-blocked-companion = That is not possible just now. Call the team.

refusal-needs-reason-staff = The { $gate } step has warnings: record why you go on. { $findings }
refusal-needs-reason-patient = Your team has to look at this first.
refusal-needs-reason-patient-in-session = Your dose is on hold. { $first }
refusal-needs-reason-companion = That is not possible just now. Call the team.

# In place of the first finding, where none is listed.
refusal-nothing-found-patient = Your team has to look at this first.
refusal-nothing-found-patient-in-session = Your team needs to look at something first.

refusal-not-ready-staff = Still to be done: { $steps }
refusal-not-ready-patient = Your team has to look at this first.
refusal-not-ready-patient-in-session = Something is still to be done: { $steps }.
refusal-not-ready-companion = That is not possible just now. Call the team.

refusal-not-allowed-staff = { $role ->
    [none] This may not be done by the program itself ({ $act }).
   *[other] A { $role } may not do this ({ $act }).
 }
refusal-not-allowed-patient = Your team has to look at this first.
refusal-not-allowed-patient-in-session = Only your team can do that. Please call them.
refusal-not-allowed-companion = That is not possible just now. Call the team.

refusal-not-on-team-staff = You are not on this patient's care team. A prescriber or the programme manager can add you.
refusal-not-on-team-patient = Your team has to look at this first.
refusal-not-on-team-patient-in-session = Only your team can do that. Please call them.
refusal-not-on-team-companion = Somebody else is the companion now. Call the team if that is a mistake.

# Between the members of a list: the ids of protocols, of consent texts.
refusal-or = or

# What a role may not do, where it is not a command by its name.
act-reading-outside-session = RecordVitals outside a session
act-proceed-after-screen = going on after a positive suicide screen
act-strike-what-holds = striking an entry that holds a dose: a suicide screen, a safety answer, a result that is not normal, a serious event; a prescriber may
act-change-what-holds = changing an answer that holds a dose; a prescriber may, with a reason

# What stands in the way, and what to do instead.

not-now-no-patient = there is no such patient yet
not-now-no-patient-instead = refer them first
not-now-course-ended = this course has ended
not-now-course-ended-instead = refer the person again to begin a new course
not-now-already-in-care = this person is already in care
not-now-already-in-care-instead = open their chart
not-now-for-the-clinician = the record that was sent to us says: { $topic }
not-now-for-the-clinician-instead = your team will go through this with you
not-now-not-the-companion = this is not the companion in force
not-now-not-the-companion-instead = name the companion first
not-now-text-not-ours = the text of { $instrument } is not ours to show
not-now-text-not-ours-instead = staff enter it from the service's own licensed form
not-now-not-a-suicide-screen = this is not a suicide screen of this chart
not-now-not-a-suicide-screen-instead = open the screen from the chart
not-now-nothing-to-override = { $rule } finds nothing at the { $gate } step that could be overridden
not-now-nothing-to-override-instead = look at the findings again
not-now-override-not-allowed = this finding of { $rule } can be overridden by { $by } (this is { $setting })
not-now-override-not-allowed-instead = clear the finding: { $clears }
not-now-session-running = a session is running
not-now-session-running-instead = { $asked ->
    [eligibility] decide after it
    [plan] open the plan after it
   *[end-of-course] release the patient first
 }
not-now-not-decided = the prescriber has not decided yet
not-now-not-decided-instead = wait for the decision
not-now-no-consent-in-force = there is no consent in force
not-now-no-consent-in-force-instead = nothing more is needed
not-now-not-eligible = nobody has decided that this person may be treated
not-now-not-eligible-instead = decide on eligibility first
not-now-eligible-in-clinic-only = eligibility was decided for the clinic
not-now-eligible-in-clinic-only-instead = decide on eligibility at home first
not-now-no-plan = no plan is open
not-now-no-plan-instead = open a plan first
not-now-protocol-not-known = protocol { $protocol } version { $version } is not known here
not-now-protocol-not-known-instead = install that protocol, or open a plan on a known one
not-now-order-in-force = an order is already in force
not-now-order-in-force-instead = cancel it first
not-now-not-the-newest-weight = this is not the newest weight of the chart
not-now-not-the-newest-weight-instead = open the chart again and confirm the newest one
not-now-own-weight = you recorded this weight yourself
not-now-own-weight-instead = ask a second person to confirm it in their own session, or weigh again
not-now-no-weight = the person was not weighed
not-now-no-weight-instead = weigh the person and record it in kilograms
not-now-no-order = there is no such order
not-now-no-order-instead = open the order from the chart
not-now-order-not-in-force = the order is no longer in force
not-now-order-not-in-force-instead = nothing more is needed
not-now-no-order-for-setting = no order is in force for this setting
not-now-no-order-for-setting-instead = the prescriber writes an order
not-now-merged-away = this chart was merged into another of the same person
not-now-merged-away-instead = go on in that chart
not-now-same-chart = these are one chart already
not-now-same-chart-instead = choose the other chart
not-now-already-merged = the other chart was merged into this one already
not-now-already-merged-instead = nothing more is needed
not-now-no-override-to-sign = no override waits for a second signature under this entry
not-now-no-override-to-sign-instead = look at the findings again
not-now-override-signed = the override has its second signature
not-now-override-signed-instead = nothing more is needed
not-now-own-override = you wrote this override yourself
not-now-own-override-instead = another clinician of the care team signs it, in their own session
not-now-staff-change-companion = the session has begun, and until its end only the team changes the companion
not-now-staff-change-companion-instead = call the team
not-now-no-companion = nobody is named as the companion
not-now-no-companion-instead = name a companion first
not-now-not-briefed = the briefing is not done
not-now-not-briefed-instead = read the briefing and answer its three questions
not-now-not-confirmed = the briefing is not done and confirmed
not-now-not-confirmed-instead = do the briefing first
not-now-no-dose-in-session = no dose was taken in that session
not-now-no-dose-in-session-instead = choose the session that this visit follows
not-now-no-note = there is no such note
not-now-no-note-instead = open the note from the chart
not-now-note-locked = the note is signed and locked
not-now-note-locked-instead = add an addendum
not-now-note-of-another = somebody else is writing this note
not-now-note-of-another-instead = write a note of your own
not-now-note-signed = the note is already signed
not-now-note-signed-instead = add an addendum if something is missing
not-now-not-the-author = only the person who wrote a note can sign it
not-now-not-the-author-instead = ask its author to sign
not-now-note-not-signed = the note is not signed yet
not-now-note-not-signed-instead = change the note itself
not-now-no-consent = consent is not signed
not-now-no-consent-instead = ask the patient to read and sign it
not-now-session-open = session { $number } is already { $phase }
not-now-session-open-instead = finish it or call it off first
not-now-too-soon = that is too soon after the last dose
not-now-too-soon-instead = the first minute permitted is { $first }, where the patient lives
not-now-last-session-not-reviewed = session { $number } has not been reviewed
not-now-last-session-not-reviewed-instead = a prescriber reviews it first
not-now-all-sessions-held = all { $sessions } sessions of the plan were held
not-now-all-sessions-held-instead = review the course, and open a new plan if it is to go on
not-now-no-session = there is no such session
not-now-no-session-instead = open the session from the chart
not-now-session-is = the session is { $phase }
not-now-session-is-instead = { $asked ->
    [entry] nothing more is recorded in it
    [observation] this is recorded between the dose and the release
    [amount] record the dose first, then how much of it was given
    [move] schedule a new session
   *[review] nothing more is needed
 }
not-now-dose-taken = { $asked ->
    [call-off] a dose was taken
    [dose] the dose of this session was already recorded
   *[go] the dose was taken
 }
not-now-dose-taken-instead = { $asked ->
    [call-off] stop the session instead
    [day-questions] mark what you learned as a moment of the session
    [go] stop the session if it should not go on
   *[dose] look at the session
 }
not-now-session-days-away = the session is more than a day away
not-now-session-days-away-instead = answer these on the day
not-now-session-hours-away = the session is hours away
not-now-session-hours-away-instead = tap this when you are there
not-now-no-go = nobody has said go
not-now-no-go-instead = the guide or prescriber decides go or no-go first
not-now-staff-give-the-dose = in the clinic, staff give and record the dose
not-now-staff-give-the-dose-instead = tell your nurse
not-now-no-booster = the protocol has no booster
not-now-no-booster-instead = if a further dose was given all the same, record it as a dose that was given
not-now-booster-taken = the booster of this session was given
not-now-booster-taken-instead = give no more today
not-now-not-booster-time = { $minutes } minutes have passed since the dose
not-now-not-booster-time-instead = the booster belongs between { $from_minutes } and { $to_minutes } minutes
not-now-alert-holds-booster = an alert that calls a clinician is open
not-now-alert-holds-booster-instead = resolve it first; the booster is held until then
not-now-not-an-infusion = the dose was no infusion
not-now-not-an-infusion-instead = record how much was given
not-now-companion-signs-off = the companion signs off on their own phone
not-now-companion-signs-off-instead = ask them to tap it
not-now-not-released = the patient was not released yet
not-now-not-released-instead = review the session afterwards
not-now-go-expired = go was decided more than 30 minutes ago and no longer counts
not-now-go-expired-instead = look at the findings again and decide go anew
not-now-no-alert = there is no such alert
not-now-no-alert-instead = open the alert from the inbox
not-now-alert-resolved = the alert is resolved
not-now-alert-resolved-instead = nothing more is needed
not-now-alert-yours = you already have this alert
not-now-alert-yours-instead = resolve it when it is done
not-now-no-adverse-event = there is no such adverse event, or it was struck
not-now-no-adverse-event-instead = open the event from the chart
not-now-no-journal-entry = there is no such entry
not-now-no-journal-entry-instead = open the entry from your journal
not-now-item-not-open = this item is no longer open
not-now-item-not-open-instead = nothing more is needed
not-now-already-corrected = this entry was already corrected
not-now-already-corrected-instead = correct the entry that stands in its place
not-now-not-struck = this kind of entry is not corrected by striking it
not-now-not-struck-instead = record what is true now; both stay in the timeline
not-now-from-another-record = this came from another record
not-now-from-another-record-instead = record a measurement of your own

# What is wrong with a value, and what would be right.

problem-empty = it is empty
problem-too-long = it is longer than { $most } characters
problem-too-long-right = a shorter text
problem-too-long-for-a-name = it is longer than { $most } characters
problem-too-long-for-a-name-right = the short name of the place
problem-in-future = { $at } is in the future
problem-in-future-right = a time that has passed
problem-too-long-ago = { $at } is { $days } days ago
problem-too-long-ago-right = a time within the last { $most_days } days; was the year mistyped?
problem-born-in-future = { $date } is in the future
problem-born-in-future-right = a date that has passed
problem-born-too-long-ago = { $date } is too long ago
problem-born-too-long-ago-right = a date after 1900; was the year mistyped?
problem-no-such-time-zone = "{ $given }" is not known
problem-no-such-time-zone-right = a name such as America/Denver or Europe/London
problem-not-a-liver-panel = these are the figures of a liver panel, and another test was chosen
problem-not-a-liver-panel-right = liver panel as the test, or no figures
problem-no-such-figure = { $test }: the figure or its upper limit is not possible
problem-no-such-figure-right = numbers above 0 and at most { $most }, both in the unit chosen
problem-not-its-unit = { $test } is not reported in this unit
problem-not-its-unit-right = U/L for an enzyme; mg/dL or µmol/L for bilirubin
problem-figure-twice = { $test } has two figures in one panel
problem-figure-twice-right = one figure for each test
problem-no-such-count = nobody hands out or has in hand so many
problem-no-such-count-right = a whole number from { $least } to { $most }
problem-no-such-region = "{ $given }" is no code of a country or state
problem-no-such-region-right = a code such as US-CO for Colorado, or GB; in the United States the state is needed
problem-too-many-tried = it is above { $most }
problem-too-many-tried-right = how many were tried before
problem-no-question-answered = no question was answered
problem-no-question-answered-right = at least one answer
problem-no-item-answered = nothing was answered
problem-no-item-answered-right = at least one answer, or leave it for later
problem-no-day-question-answered = nothing was answered
problem-no-day-question-answered-right = at least one answer
problem-no-such-diazepam-dose = { $mg_per_day } mg a day is not possible
problem-no-such-diazepam-dose-right = milligrams of diazepam a day, from 0 to { $most }
problem-not-a-benzodiazepine = { $medicine } is not marked as a benzodiazepine
problem-not-a-benzodiazepine-right = left empty, or the medicine marked as a benzodiazepine
problem-stopped-before-started = it stopped before it started
problem-stopped-before-started-right = a stop after the start
problem-no-clinical-role = a member has no clinical role
problem-no-clinical-role-right = guides, prescribers and managers
problem-team-incomplete = a guide or a prescriber is missing
problem-team-incomplete-right = at least one of each
problem-passed = it has passed
problem-passed-right = a time in the future
problem-no-such-instrument = "{ $given }" is not known
problem-no-such-instrument-right = the id of an instrument in the catalogue
problem-total-of-a-screen = a total does not say how great the risk is
problem-total-of-a-screen-right = the answer to each item, entered from the service's own form
problem-cannot-be-raised = it cannot be "raised"
problem-cannot-be-raised-right = negative, positive or unreadable
problem-no-such-rule = "{ $given }" is not in the rule book
problem-no-such-rule-right = the id of a rule
problem-nobody-else = nobody else is named
problem-nobody-else-right = a second clinician of the care team
problem-not-on-the-team = they are not on the care team
problem-not-on-the-team-right = a guide or prescriber of the team
problem-no-such-consent = version "{ $given }" is not known
problem-no-such-consent-right = { $known }
problem-not-all-ticked = { $missing } of { $statements } statements are not ticked
problem-not-all-ticked-right = every statement read and ticked; ask your team about any that you are unsure of
problem-no-such-protocol = "{ $given }" is not known
problem-no-such-protocol-right = { $known }
problem-ordered-by-weight = an infusion is ordered by body weight
problem-ordered-by-weight-right = both mg and mg/kg, in agreement
problem-no-such-amount = { $given_mg } mg cannot be right
problem-no-such-amount-right = milligrams, at most { $most_mg }
problem-not-a-rate = it is no rate of an infusion
problem-not-a-rate-right = millilitres an hour, above 0 and at most 2,000
problem-not-positive = it is not a positive number
problem-not-positive-right = the dose for each kilogram of body weight
problem-above-ceiling = { $dose_mg } mg is above the ceiling of { $protocol }
problem-above-ceiling-right = { $most_mg_per_kg ->
    [none] at most { $most_mg } mg
   *[other] at most { $most_mg } mg and { $most_mg_per_kg } mg/kg
 }
problem-not-the-signer = it is not the name of the person who signs
problem-not-the-signer-right = { $signer }
problem-under-age = they are under { $least }
problem-under-age-right = an adult, { $least } or older
problem-briefing-unanswered = a question has no answer
problem-briefing-unanswered-right = { $questions ->
    [3] an answer to each of the three questions
   *[other] an answer to each of the { $questions } questions
 }
problem-briefing-wrong = one answer is not right yet: { $question }
problem-briefing-wrong-right = { $because }
problem-no-such-length = { $minutes } minutes
problem-no-such-length-right = { $least } to { $most } minutes
problem-not-in-coming-year = { $at } is not in the coming year
problem-not-in-coming-year-right = a time from now on
problem-before-go = it is before go was decided
problem-before-go-right = a time after go
problem-no-such-level = { $given } is not a level
problem-no-such-level-right = 0 (no response) to 5 (alert)
problem-not-on-scale = { $given } is not on the scale
problem-not-on-scale-right = 0 (none) to 10 (worst)
problem-no-such-score = { $given } is not a score
problem-no-such-score-right = 0 to 10
problem-other-kind = a { $entry } entry cannot become { $given }
problem-other-kind-right = { $entry }
problem-replaces-nothing = it cannot stand in place of an entry
problem-replaces-nothing-right = { $entry }
