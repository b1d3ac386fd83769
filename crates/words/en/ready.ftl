# What must be done before anybody can say go, as staff and patients read it.

ready-plan-open = a plan is open
ready-consent-signed = consent to the text of this plan is signed
ready-order-in-force = a dose order is in force for this setting
ready-preparation-held = preparation visits held: { $held } of { $needed }
ready-safety-plan-written = a safety plan is written
ready-last-dose-integrated = the integration visit after the last dose was held
ready-last-session-reviewed = the last session was reviewed by a prescriber
ready-answered-today = the questions of the day, answered too long ago to count for a dose, are answered again
ready-still-wanted = the patient still wants the dose today
ready-two-pressures = two blood pressure readings, at least a minute apart, in the last hour
ready-companion-confirmed = a companion is named, briefed and has confirmed

# The questions of the day, in plain words.

day-question-fasted = Have you kept the fast that your team asked for?
day-question-alcohol = No alcohol or cannabis in the last 24 hours?
day-question-sedatives = No sleeping or calming tablets today?
day-question-stimulants = No stimulants in the last 12 hours, and no grapefruit in the last 3 days?
day-question-medicines = Are your medicines the same as when we last went through them, with no opioid and no MAO inhibitor?
day-question-pregnancy = Could you be pregnant?
day-question-room = Is your room ready: quiet, with a place to lie down?
day-question-stairs = No stairs that you could fall on?
day-question-water = No bath, pool or other water within reach?
day-question-heat = No stove, fire or other heat in use?
day-question-sole-care = Nobody whom only you look after?
day-question-weapon = No weapon within reach?
day-question-other-means = Nothing else within reach that could kill?
day-question-place = Where are you today?
day-question-ambulance = How long does an ambulance need to reach you?
day-question-tomorrow = Is tomorrow planned, with nothing that has to be done early?
day-question-driving = No driving until tomorrow, after a night's sleep?
day-question-private = Is there something for your team's eyes only?
day-question-ride = Is somebody taking you home?
day-question-willing = Do you still want this dose today?
