# Words for codes that stand in several places.

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

check-vitals = vital signs
check-look-in = companion's look-in

check-answer-fine = fine
check-answer-unsure = not sure
check-answer-not-fine = not fine

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
