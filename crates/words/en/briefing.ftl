# The three questions at the end of the companion's briefing, each with its options and why one of them is right.

briefing-look-in = How often do you look in on them?
briefing-look-in-0 = Every 15 minutes
briefing-look-in-1 = Once an hour
briefing-look-in-2 = Only if they call
briefing-look-in-because = The drug can make somebody very sleepy within minutes. Every 15 minutes you look, and tap what you see.

briefing-no-answer = They do not answer to their name. What do you do first?
briefing-no-answer-0 = Let them sleep
briefing-no-answer-1 = Press Get help, and stay with them
briefing-no-answer-2 = Wait for the next check
briefing-no-answer-because = Somebody who does not answer needs help now. The button reaches the team; stay, and turn them on their side if they vomit.

briefing-driving = They feel fine after two hours and want to drive. What do you say?
briefing-driving-0 = A short drive is all right
briefing-driving-1 = Not until they have had coffee
briefing-driving-2 = Not until tomorrow, after sleep
briefing-driving-because = The effect on driving can last although they feel clear. No driving until the next day, after a night's sleep.
