# Why an order was cancelled or a session called off, where it was not somebody's own words.

cancelled-consent-withdrawn = consent was withdrawn
cancelled-course-ended = the course has ended
cancelled-found-ineligible = the prescriber decided that this person is not treated now
cancelled-clinic-only = the prescriber decided for the clinic only, and this was for the home
cancelled-review-said-stop = a review of the course said stop
cancelled-serious-event = a serious adverse event is to be reviewed by a prescriber first
cancelled-plan-opened = a new plan was opened
