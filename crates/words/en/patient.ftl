# What a patient reads when a rule holds their dose: plain words, no numbers to puzzle over, no blame and no alarm. Staff see
# the measured value and the limit; these sentences say what it is about and that somebody will help.
# Wording is this project's own, reviewed by nobody yet.

patient-e01-age-minimum = This treatment is only for adults. If your date of birth is wrong in our records, please tell us.
patient-e02-age-caution = At your age we take extra care with this treatment. A prescriber will talk it through with you first.
patient-e03-vascular = Something in your health history, such as your blood vessels or an allergy, makes this drug unsafe for you. Your team will talk with you about other help.
patient-e04-cardiac-stroke = Something in your history with your heart or a stroke makes a dose unsafe for now. Your team will tell you what can be done, and when.
patient-e05-screening-pressure = Your blood pressure has been higher than is safe to start. We will help you bring it down and then look again.
patient-e06-psychosis-mania = Something you told us about your mind and mood means a prescriber needs to talk with you before a dose.
patient-e07-pregnancy = This drug is not safe in pregnancy or while breast-feeding. We need a recent test, or your answer, before we go on.
patient-e07-pregnancy-dose = Before each dose we need to know that you are not pregnant and not breast-feeding. A new test may be needed.
patient-e08-ketamine-misuse = Something in your history means this drug may bring more harm than help. Your team will talk with you about it, without blame.
patient-e09-substance-use = Your answers about alcohol or drugs mean a clinician would like to talk with you before we go on. It is not about blame.
patient-e10-liver = We need a closer look at your liver before we go on. That may mean a blood test.
patient-e10-liver-dose = Your newest liver test needs a closer look before your next dose. Your team will explain what happens next.
patient-e11-brain-eye-thyroid = This drug can raise pressure in the head or the eyes for a while. Something in your history means a doctor must check that first.
patient-e12-airway-lung = Because of your breathing, a dose needs extra care. Your team will tell you where and how it can be safe.
patient-e13-seizures = Because of seizures in your history, a prescriber will talk with you before we go on.
patient-e14-bladder = This drug can bother the bladder. We want a clinician to look at your bladder answers before the next dose.
patient-e15-baseline = Some tests or questions are still missing or too old. Once they are done, we can go on.
patient-e16-consent = We need your signed consent, in its newest form, before a dose. Take your time, and ask us anything.
patient-e17-dissociative = Because of how you sometimes feel cut off from yourself, a prescriber will talk with you before we go on.
patient-d01-opioid = You take, or lately took, an opioid medicine. Together with this drug it can slow your breathing. Please do not stop it by yourself; your team will talk with you.
patient-d01-opioid-today = We need to know today whether you took an opioid, such as a strong painkiller. Together with this drug it can slow your breathing. Please do not stop it by yourself.
patient-d02-alcohol-cannabis = We wait at least a full day after alcohol or cannabis before a dose. We will find another time with you.
patient-d03-benzodiazepine = Your calming or sleeping medicine may weaken this treatment. Please do not stop it suddenly; that can be dangerous. Your prescriber will talk with you.
patient-d03-benzodiazepine-today = You took, or may have taken, a calming medicine today, or we have not asked you in the last two hours. Please keep taking it as prescribed; your team will say how to go on.
patient-d04-stimulant = A stimulant can push your blood pressure up together with this drug, so we wait some hours after it.
patient-d05-cyp = One of your medicines changes how your body handles this drug. Please do not stop it by yourself; your prescriber will decide what is safe.
patient-d05-grapefruit = Grapefruit makes this drug much stronger, so we wait three days after it. We will find another time with you.
patient-d06-theophylline = Your breathing medicine does not go together with this drug. Please do not stop it by yourself; your team will talk with you.
patient-d07-maoi = One of your medicines can push your blood pressure up together with this drug. Please do not stop it by yourself; your team will talk with you.
patient-d07-maoi-today = We need to know today whether you take one kind of medicine for mood, an MAO inhibitor. It can push your blood pressure up together with this drug. Please do not stop it by yourself.
patient-d08-effect-blunters = One of your medicines may make this treatment help less. Please keep taking it; your prescriber will talk it through with you.
patient-d09-medicine-list = Before a dose we go through all your medicines with you again. Your team will do that with you.
patient-d09-medicine-list-today = Before a dose we need to know that your medicines are the same as when we last went through them.
patient-r01-dose-cap = The dose that was written needs another look by your prescriber before you take it.
patient-r02-dose-step = Your dose goes up only in small steps, after we have looked back at your last session together. Your prescriber will check it.
patient-r03-dose-interval = It is too soon after your last dose. Your body needs more time, and we will tell you the next safe day.
patient-r05-weight-unit = We need your weight again, so that the dose is right for you.
patient-r06-iv-rate = Your prescriber needs to check how fast the drip will run before we start.
patient-s01-bp-clinic = Your blood pressure is not in the safe range for a dose right now, or we need a new reading. We will rest and measure again.
patient-s01-bp-home = Your blood pressure is not in the safe range for a dose at home right now, or we need a new reading. Rest a little; your guide will tell you when to measure again.
patient-s01-pulse = Your heartbeat is not in the safe range for a dose right now, or we need a new reading. Rest a little, and we will look again.
patient-s01-oxygen = We need a good oxygen reading before a dose. Warm your hand, sit quietly, and we will measure again.
patient-s01-breathing = We want to count your breathing again before a dose.
patient-s02-fasting-ride = Before a dose we need to know when you last ate and, in the clinic, who will take you home.
patient-s03-companion = A dose at home needs an adult you trust, sober and there with you, and our guide must have seen or heard them. We will help you set that up.
patient-s04-room = The room must be safe before a dose: no water, stairs or heat nearby, nobody else to look after, and the address we have for you.
patient-s06-pressure = Your blood pressure has changed, so somebody from your team is looking at it now. Stay lying down.
patient-s06-pulse = Your heartbeat has changed, so somebody from your team is looking at it now. Stay lying down.
patient-s06-oxygen = Your oxygen reading is lower, so somebody from your team is looking at it now. Take slow, deep breaths.
patient-s06-breathing = Your breathing has changed, so somebody from your team is looking at it now.
patient-s06-sedation = You seem very sleepy, so somebody from your team is staying close to you.
patient-s06-symptoms = You told us about something you feel, and somebody from your team is looking at it now.
patient-s06-distress = This is hard right now, and you are not alone. Somebody from your team is with you.
patient-s06-duration = The effect is lasting longer than usual, so somebody from your team is staying with you.
patient-s08-release-time = It is a little too early to leave. We want to be sure that the effect has passed.
patient-s08-release-signs = We want your readings to be back to how they were before you leave. We will measure again soon.
patient-s08-release-checks = A few things still need a yes before you leave: clear head, steady feet, feeling settled, and, in the clinic, a safe way home.
patient-c01-suicide-screening = We need to ask, or talk with you, about thoughts of ending your life before we go on. You will not be in trouble for any answer.
patient-c01-suicide-dose = Before a dose we need to ask, or talk with you, about thoughts of ending your life. You will not be in trouble for any answer, and somebody is there for you.

# What is said when nothing more particular is known.
patient-general = Your team needs to check something before we go on. They will tell you what happens next.
