# What an alert says to staff.

alert-help = { $by } asks for help{ $said }
alert-help-said = : { $words }
alert-adverse-event = serious adverse event: { $words }
alert-left = the patient left before the release gate let them: reach them now
alert-stopped = session stopped by { $by }
alert-dose-held = the dose is held: blood pressure out of range twice
alert-safety-answer = { $instrument }: { $action }
alert-worsening = PCL-5 rose by 15 points or more within about a week
alert-check-in = { $by } says: { $answer }
alert-check-missed = { $check } missed
alert-consent-withdrawn = consent was withdrawn while the dose works: stop, and stay with them{ $said }
alert-measures-missed = not answered in time: { $measures }

# What was measured.

alert-measured-in-session = { $measured } (limit { $limit })
alert-measured-safety-answer = { $safety } at { $point }
alert-measured-worsening = { $before } to { $now } in { $days } days
alert-measured-overdue = due { $age } ago

sign-does-not-answer = does not answer to their name
sign-breathes-hard = does not breathe easily
sign-colour-not-normal = skin colour is not normal
