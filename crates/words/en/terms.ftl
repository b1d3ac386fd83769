# The words of codes: what things are about, units, settings, routes.

## What a medicine does that a rule cares about.

medicine-class-strong-cyp-inhibitor = strong CYP inhibitor
medicine-class-cyp-inducer = CYP inducer
medicine-class-benzodiazepine = benzodiazepine
medicine-class-opioid = opioid
medicine-class-stimulant = stimulant
medicine-class-maoi = MAO inhibitor
medicine-class-theophylline = theophylline
medicine-class-effect-blunter = may blunt the effect
medicine-class-thyroid-hormone = thyroid hormone
medicine-class-other = other
medicine-class-not-classed = not classed

## What a question, a measurement or a limit is about.

subject-age = age
subject-weight = weight
subject-height = height
subject-usable-weight = a weight that can be true
subject-order = order
subject-dose = dose
subject-plan = plan
subject-rems-site = site certified in the safety programme (REMS)
subject-rems-pharmacy = pharmacy certified in the safety programme (REMS)
subject-home-supply = tablets or lozenges at home
subject-supply-count = count of what is at home
subject-rems-enrolment = enrolment in the safety programme (REMS)
subject-rems-prescriber-on-site = prescriber on site
subject-rems-form-sent = monitoring form of the last dose sent
subject-region = country and state of treatment
subject-course = course
subject-misuse-check = look for signs of misuse
subject-other-source = another source of a controlled medicine
subject-craving = craving, or use other than prescribed
subject-lost-or-shared = doses lost, stolen or passed on
subject-licence = prescriber's licence
subject-examination-in-person = examination in person
subject-route = route
subject-infusion-time = infusion time
subject-infusion-end = end of the infusion
subject-pressure = pressure
subject-blood-pressure = blood pressure
subject-systolic-pressure = systolic blood pressure
subject-diastolic-pressure = diastolic blood pressure
subject-resting-pressure = resting blood pressure
subject-pressure-before-dose = pressure before the dose
subject-two-pressures = two pressures since the dose
subject-heart-rate = heart rate
subject-oxygen-saturation = oxygen saturation
subject-breathing-rate = breathing rate
subject-body-weight = body weight
subject-alertness = MOAA/S
subject-distress = distress
subject-look-in = companion's look-in
subject-aldrete-score = Aldrete score
subject-aldrete-item = whether an Aldrete item is at 0
subject-suicide-screen = suicide screen
subject-pcl-5 = PCL-5
subject-audit-c = AUDIT-C
subject-audit = AUDIT
subject-stop-bang = STOP-BANG
subject-child-pugh = Child-Pugh class
subject-dast-10 = DAST-10
subject-bpic-ss = BPIC-SS
subject-bladder-check = bladder check
subject-blood-in-urine = blood in the urine
subject-bladder-referral = bladder symptoms that call for a referral
subject-liver-panel = liver panel
subject-urinalysis = urinalysis
subject-pregnancy-test = pregnancy test
subject-consent = consent
subject-eligibility-decision = decision on eligibility
subject-serious-events = serious adverse events
subject-alerts = alerts
subject-companion = companion
subject-companion-adult = companion is 18 or older
subject-companion-sober = companion is sober
subject-companion-phone = companion's phone answered live
subject-companion-presence = companion's presence
subject-companion-sign-off = companion's sign-off
subject-alcohol-or-cannabis = alcohol or cannabis
subject-stimulant = stimulant
subject-grapefruit = grapefruit
subject-history = answers of the medical history
subject-medicine-list = list of medicines
subject-opioid = opioid
subject-maoi = MAO inhibitor
subject-medicines-unchanged = list of medicines confirmed today
subject-could-be-pregnant-today = could be pregnant, asked today
subject-still-willing = still wants the dose
subject-benzodiazepine-today = benzodiazepine taken today
subject-fast-kept = fast kept
subject-ride-named = escort or ride named
subject-room-safe = room ready: quiet, with a place to lie down
subject-stairs-near = stairs within reach
subject-water-near = bath, pool or other water within reach
subject-heat-near = stove, fire or other heat within reach
subject-sole-care = somebody in the patient's sole care
subject-weapon-near = weapon within reach
subject-other-means-near = other means that kill within reach
subject-place-today = where the patient is today
subject-ambulance-time = minutes to an ambulance
subject-companion-danger = somebody there is a danger to the patient (asked alone)
subject-tomorrow-planned = day after planned
subject-no-driving-agreed = no driving until tomorrow after sleep, agreed
subject-companion-seen-how = how the companion was met
subject-clinic-oxygen = oxygen at hand
subject-clinic-suction = suction at hand
subject-clinic-airway-kit = airway kit at hand
subject-clinic-trained-person = somebody on site who can rescue an airway
subject-clinic-iv-access = access to a vein
subject-oriented = knows who, where and when
subject-walks-steadily = walks steadily
subject-not-vomiting = not vomiting
subject-distress-settled = distress has settled
subject-breathing-normal = breathes normally
subject-no-new-suicidal-thoughts = no new thoughts of suicide
subject-no-driving-acknowledged = no driving until tomorrow after sleep, acknowledged
subject-escort-or-ride = adult escort or pre-arranged ride

## Units by themselves, and an amount with its unit.

unit-mg = mg
amount-mg = { $n } mg
unit-mg-per-kg = mg/kg
amount-mg-per-kg = { $n } mg/kg
unit-mg-per-kg-per-minute = mg/kg a minute
amount-mg-per-kg-per-minute = { $n } mg/kg a minute
unit-diazepam-mg-per-day = mg/day diazepam-equivalent
amount-diazepam-mg-per-day = { $n } mg a day of diazepam-equivalent
unit-kg = kg
amount-kg = { $n } kg ({ $lb } lb)
unit-cm = cm
amount-cm = { $n } cm
unit-kg-per-m2 = kg/m²
amount-kg-per-m2 = { $n } kg/m²
unit-years = years
amount-years = { $n ->
    [one] { $n } year
   *[other] { $n } years
 }
unit-days = days
amount-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
 }
unit-hours = hours
amount-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
 }
unit-minutes = minutes
amount-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
 }
unit-mm-hg = mmHg
amount-mm-hg = { $n } mmHg
unit-percent = %
amount-percent = { $n } %
unit-beats-per-minute = beats a minute
amount-beats-per-minute = { $n } beats a minute
unit-breaths-per-minute = breaths a minute
amount-breaths-per-minute = { $n } breaths a minute
unit-points = points
amount-points = { $n ->
    [one] { $n } point
   *[other] { $n } points
 }
unit-moaas = MOAA/S
amount-moaas = MOAA/S { $n }
unit-of-ten = of 10
amount-of-ten = { $n } of 10
unit-readings = readings
amount-readings = { $n ->
    [one] { $n } reading
   *[other] { $n } readings
 }
unit-recent-readings = recent readings
amount-recent-readings = { $n ->
    [one] { $n } recent reading
   *[other] { $n } recent readings
 }
unit-high-readings = high readings
amount-high-readings = { $n ->
    [one] { $n } high reading
   *[other] { $n } high readings
 }
unit-units = tablets or lozenges
amount-units = { $n ->
    [one] { $n } tablet or lozenge
   *[other] { $n } tablets or lozenges
 }
unit-times = times
amount-times = { $n ->
    [one] { $n } time
   *[other] { $n } times
 }
unit-open-alerts = open alerts
amount-open-alerts = { $n ->
    [one] { $n } open alert
   *[other] { $n } open alerts
 }

## Setting

setting-clinic = clinic
setting-home = home

seen-how-in-person = in person
seen-how-video = by a video call
seen-how-telephone = by telephone, heard and not seen

## Route

route-intravenous = intravenous
route-intramuscular = intramuscular
route-sublingual = sublingual
route-oral = oral
route-nasal-esketamine = nasal esketamine

## HistoryTopic

topic-aneurysm = aneurysm (aorta, brain or limb arteries)
topic-arteriovenous-malformation = arteriovenous malformation
topic-intracerebral-haemorrhage = bleeding in the brain, ever
topic-ketamine-allergy = allergy to ketamine or esketamine
topic-cardiac-event = heart attack, unstable angina or other cardiac event
topic-stroke = stroke, ever
topic-psychosis-current = psychosis now
topic-psychosis-lifetime = psychotic disorder, ever
topic-mania-current = mania or hypomania now
topic-mania-lifetime = manic episode, ever
topic-could-be-pregnant = could be pregnant
topic-breast-feeding = breast-feeding
topic-ketamine-misuse = misuse of ketamine or PCP, ever
topic-substance-use-disorder-moderate = alcohol or drug use disorder, moderate or worse, in the last 6 months
topic-opioid-use-disorder = opioid use disorder, ever
topic-raised-intracranial-pressure = raised pressure or a mass in the head
topic-glaucoma = raised eye pressure or glaucoma
topic-thyrotoxicosis = overactive thyroid, untreated
topic-sleep-apnoea = sleep apnoea
topic-lung-disease = serious lung disease
topic-seizures = epilepsy or unexplained seizures
topic-liver-disease-severe = severe liver disease
topic-liver-disease-chronic = chronic liver disease
topic-bladder-disease = active bladder pain or cystitis
topic-dissociative-disorder = primary dissociative disorder
topic-dissociative-subtype-severe = severe dissociative subtype of PTSD

## Answered

answered-yes = yes
answered-no = no
answered-unknown = not known
answered-declined = would rather not say

## SuicideRisk

suicide-risk-none = no risk
suicide-risk-low = low risk
suicide-risk-moderate = moderate risk
suicide-risk-high = high risk
suicide-risk-unanswered = an item that matters was not answered

## RecordedConcern

recorded-concern-suicide-attempt = suicide attempt
recorded-concern-suicidal-thoughts = thoughts or risk of suicide
recorded-concern-overdose = overdose of untold intent
recorded-concern-lasting-heart-disease = chronic heart disease

## Symptom

symptom-chest-pain = chest pain
symptom-severe-headache = severe headache
symptom-neurological-change = change in vision, speech, face or strength
symptom-breathlessness = breathlessness
symptom-vomiting = vomiting
symptom-nausea = nausea
symptom-dizziness = dizziness
symptom-panic = fear or panic
symptom-dissociation = strong dissociation
symptom-danger-to-self-or-others = danger to self or others
symptom-unresponsive = does not answer, or collapsed

## Severity

severity-warn = warn
severity-escalate = escalate
severity-block = block

## Cause

cause-met = met
cause-missing = missing
cause-unknown = unknown
cause-too-old = too old
cause-impossible = impossible

## Urgency

urgency-review = review
urgency-watch = watch
urgency-call-clinician = call clinician
urgency-emergency = emergency

## Hazard, as the hazard log and the rule book name it

hazard-unsuitable-person = treated although a condition makes the drug dangerous
hazard-pregnancy = harm to a pregnancy or a breast-fed child
hazard-pressure-surge = a pressure surge harms somebody already high
hazard-respiratory = breathing or consciousness fails
hazard-suicide = a suicidal crisis is missed or made worse
hazard-wrong-dose = wrong dose, unit, weight or interval
hazard-interaction = another drug raises, lowers or adds to the effect
hazard-unattended = alone, or unwatched, when something goes wrong
hazard-early-release = released too early: falls, driving
hazard-misuse = misuse or dependence
hazard-consent = treated without valid consent
hazard-psychosis = psychosis or mania provoked
hazard-organ-harm = slow harm to bladder or liver is missed
hazard-lost-to-follow-up = worsening or relapse goes unseen after the session

## Gate

liver-test-alt = ALT
liver-test-ast = AST
liver-test-bilirubin = bilirubin
liver-test-alp = ALP
liver-test-ggt = GGT
lab-unit-u-per-l = U/L
lab-unit-mg-per-dl = mg/dL
lab-unit-micromol-per-l = µmol/L
child-pugh-a = A
child-pugh-b = B
child-pugh-c = C

rems-site-certified = site certified
rems-pharmacy-certified = pharmacy certified
rems-patient-enrolled = patient enrolled
rems-prescriber-on-site = prescriber on site for the session
rems-form-sent = monitoring form of the session sent

gate-eligibility = eligibility
gate-order = order
gate-scheduling = scheduling
gate-dose = dose
gate-in-session = in session
gate-release = release

## Override

# Who may override a finding, where a block falls to nobody.
override-but-no-block = warnings and escalations: { $by }; a block: nobody
override-never = nobody
override-prescriber-in-clinic = a named prescriber with a reason, clinic only
override-prescriber = a named prescriber with a reason
override-two-clinicians-in-clinic = two named clinicians with a reason, clinic only

## ReadingSource

reading-source-device = device
reading-source-manual = by hand
reading-source-patient-entered = entered by patient
reading-source-companion-entered = entered by companion
reading-source-imported = imported

## Role

role-patient = patient
role-companion = companion
role-guide = guide
role-prescriber = prescriber
role-manager = manager
role-administrator = administrator

## How long ago.

age-future = in the future
age-seconds = { $seconds } s
age-minutes = { $minutes } min
age-hours = { $hours } h
age-hours-minutes = { $hours } h { $minutes } min
age-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
 }

## Points of a course, checks, visits, ends, levels, laboratory tests.

point-screening = screening
point-baseline = baseline
point-pre-dose = before the dose
point-in-session = in session
point-hours4 = 4 hours
point-hours24 = 24 hours
point-day2 = day 2
point-day3 = day 3
point-day7 = day 7
point-day10 = day 10
point-day14 = day 14
point-monthly = monthly
point-end-of-course = end of course
point-unscheduled = unscheduled
point-again = { $point } (time { $n })
point-of-session = { $point }, session { $number }

check-vitals = vital signs
check-look-in = companion's look-in
check-pressure = blood pressure
check-pulse = pulse
check-oxygen = oxygen saturation
check-breathing = breathing rate
check-alertness = alertness

check-answer-fine = fine
check-answer-unsure = not sure
check-answer-not-fine = not fine

phase-referred = referred
phase-screening = screening
phase-consent = consent
phase-preparation = preparation
phase-session = session
phase-follow-up = follow-up
phase-ended = ended

session-phase-scheduled = scheduled
session-phase-ready = go
session-phase-observing = observing
session-phase-stopped = stopped, still watched
session-phase-released = released
session-phase-reviewed = reviewed
session-phase-called-off = called off
session-phase-missed = missed

visit-preparation = preparation
visit-integration = integration
visit-review = review
visit-capital-preparation = Preparation
visit-capital-integration = Integration
visit-capital-review = Review

end-completed = course completed
end-ineligible = found ineligible
end-withdrew = withdrew
end-adverse-event = stopped after an adverse event
end-no-benefit = stopped: no benefit
end-moved = moved or treated elsewhere
end-lost-to-follow-up = could not be reached

level-guide = guide
level-prescriber = prescriber
level-on-call = everybody on call
level-emergency-services = emergency services

lab-liver-panel = Liver panel
lab-urinalysis = Urinalysis
lab-pregnancy-test = Pregnancy test
lab-urine-drug-screen = Urine drug screen
lab-result-normal = normal
lab-result-raised = raised
lab-result-abnormal = abnormal
lab-result-unreadable = could not be read

review-decision-continue = continue as planned
review-decision-change = change the plan
review-decision-stop = stop

session-left-against-advice = left against advice: { $words }

## What was out of order about a dose

irregular-late-entry = written down late
irregular-no-session = no session was in the calendar
irregular-called-off = the session had been called off or missed
irregular-after-stop = the session had been stopped
irregular-no-go = nobody had said go
irregular-no-order = no order was in force
irregular-other-route = by another route than ordered
irregular-less-than-ordered = less than ordered
irregular-more-than-ordered = more than ordered
irregular-rule-held = a rule held the dose
irregular-no-consent = consent was not in force
irregular-course-ended = the course had ended
irregular-not-a-booster = a further dose that the protocol does not have

## Steps of an infusion

infusion-step-paused = paused
infusion-step-resumed = resumed
infusion-step-rate-set = set to another rate
infusion-step-ended = ended
