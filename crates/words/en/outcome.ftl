# How a measure has moved since the start, and the symptoms that are followed one by one.

change-unknown = Not enough results to say how it has changed.
change-none = The same as at the start.
change-lower = { $points ->
    [one] { $points } point
   *[other] { $points } points
 } lower than at the start
change-higher = { $points ->
    [one] { $points } point
   *[other] { $points } points
 } higher than at the start
change-without-reliable = { $moved }. What counts as a sure change is not known for this measure.
change-more-than-chance = { $moved }: more than chance would give.
change-within-chance = { $moved }: chance alone could give that.

followed-symptom-intrusive-memories = intrusive memories
followed-symptom-nightmares = nightmares
followed-symptom-flashbacks = flashbacks
followed-symptom-anxiety-and-reminders = anxiety and reactions to reminders
followed-symptom-hypervigilance = hypervigilance
