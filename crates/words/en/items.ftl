# What is open about a patient, as staff read it.

item-kind-alert-unowned = alert, nobody has it
item-kind-alert-owned = alert
item-kind-dose-soon = dose within 24 h
item-kind-rising = scores rising
item-kind-measure-overdue = measure overdue
item-kind-integration-due = integration visit
item-kind-review-due = review due
item-kind-note-unsigned = note unsigned
item-kind-decision-due = decision due
item-kind-next-step = next step

item-dose = { $open ->
    [0] session { $number }: ready for go
    [one] session { $number }: 1 thing still to be done
   *[other] session { $number }: { $open } things still to be done
}
item-rising = PCL-5 up { $points } points since the last one
item-measures = { $instruments } at { $point }
item-integration = integration visit after session { $number }
item-review = session { $number } waits for the prescriber's review
item-note = { $kind } note
item-decision = screening is complete: decide

step-await-answers = waits for the patient's answers
step-invite = invite the patient
step-screening = { $open } screening measures open
step-await-consent = waits for consent
step-open-plan = open a plan
step-write-order = write an order
step-schedule-session = schedule a session
