# What an alert says to staff.

alert-help = { $by } asks for help{ $said }
alert-help-said = : { $words }
alert-adverse-event = serious adverse event: { $words }
alert-in-session = { $value }: limit { $limit }
alert-left = the patient left before the release gate let them: reach them now
alert-stopped = session stopped by { $by }
alert-dose-held = the dose is held: blood pressure out of range twice
alert-safety-answer = { $instrument }: { $action }
alert-worsening = PCL-5 rose by 15 points or more within about a week
alert-check-in = { $by } says: { $answer }
alert-check-missed = { $check } missed
alert-clock-jumped = the clock of this program jumped by { $seconds } seconds: compare times with a watch
alert-go-without-dose = go was decided and no dose is recorded: was it given?
alert-consent-withdrawn = consent was withdrawn while the dose works: stop, and stay with them{ $said }
alert-dose-irregular = a dose was given otherwise than planned: { $irregular }
alert-companion-danger = asked alone whether somebody there is a danger to them, the patient answered: { $answer }. Reach them where nobody else hears
alert-relapse = { $instrument } rises again after the last dose: reach the patient
alert-session-missed = the session did not take place: reach the patient
alert-measures-missed = not answered in time: { $measures }

# What was measured.

alert-measured-late = measured { $age } before
alert-measured-in-session = { $measured } (limit { $limit })
alert-measured-safety-answer = { $safety } at { $point }
alert-measured-worsening = { $before } to { $now } in { $days } days
alert-measured-dose-irregular = taken { $age } before it was written down
alert-measured-relapse = { $lowest } at its lowest, { $now } now, { $days } days after the last dose
alert-measured-session-missed = it was to begin { $age } ago
alert-measured-overdue = due { $age } ago

sign-does-not-answer = does not answer to their name
sign-breathes-hard = does not breathe easily
sign-colour-not-normal = skin colour is not normal

# One sentence: what, value, limit, what to do, by when.

alarm-in-session = { $value } at { $at }: limit { $limit }. { $do }
alarm-by = { $what }; by { $time }.
alarm-now = { $what }; now.
alarm-since-dose = T+{ $minutes }
alarm-value-pressure = BP { $pressure }
alarm-value-pressure-with-symptom = BP { $pressure } with { $symptom }
alarm-value-sign = { $what } { $value }
alarm-value-moaas = MOAA/S { $rating }
alarm-value-symptom = { $symptom }
alarm-value-symptom-with-moaas = { $symptom } with MOAA/S { $rating }
alarm-value-symptom-times = { $symptom }, { $times } in all
alarm-value-symptom-not-rated = { $symptom }, alertness not rated
alarm-value-distress = distress { $rating } of 10
alarm-moaas = MOAA/S { $value }
alarm-distress = distress { $value } of 10

# The card: at most five lines.

alarm-age = { ", " }{ $years }
alarm-head-emergency = EMERGENCY: { $name }{ $age }.
alarm-head-call = Call the prescriber: { $name }{ $age }.
alarm-head-watch = Look at { $name }{ $age }.
alarm-value-at = { $value } at { $at }
alarm-latest = now { $value } at { $at }
alarm-since = since { $time }
alarm-situation = S: { $said }.
alarm-background = B: { $said }.
alarm-assessment = A: limit { $limit }, rule { $rule }.
alarm-request = R: { $said }.
alarm-dose = { $mg } mg { $route } at { $time }, dose { $number }
alarm-address-today = today at { $address }
alarm-address-not-asked = { $address } (on record; not asked today)
alarm-way-in = way in: { $words }
alarm-allergies = allergies: { $said }
allergy-ketamine-yes = ketamine yes
allergy-ketamine-unconfirmed = ketamine to be confirmed
allergy-ketamine-no = ketamine no
allergy-ketamine-unknown = ketamine not known
allergy-ketamine-not-asked = ketamine not asked
allergy-imported = { $name } (imported)
alarm-companion = companion { $name }, { $phone }
alarm-do-stop = stop the session and stay with them
alarm-do-check = do the check now and write it down
alarm-do-reach = reach them now
alarm-do-look = look at it, and write what you find
alarm-call = call { $number }
alarm-next-owned = { $name } has it since { $time }; rings again at { $again } if nothing is written
alarm-next-has-it = { $name } has it since { $time }
alarm-next-rung = unanswered by { $time } it goes to { $level }
alarm-next-nobody = nobody has it: whoever reads this takes it
