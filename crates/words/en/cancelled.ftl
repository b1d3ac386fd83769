# Why an order was cancelled or a session called off, where it was not somebody's own words.

cancelled-consent-withdrawn = consent was withdrawn
cancelled-course-ended = the course has ended
