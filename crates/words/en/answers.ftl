# Why an answer does not fit its item, and what would.

answer-error = { $name }: { $item } was answered { $given }; it takes { $allowed }
answer-nothing = nothing
answer-allowed-list = a list of { $of }
answer-allowed-or-na = { $of }, or "na"
answer-allowed-steps = { $least } to { $most } in steps of { $step }
answer-allowed-item = an item of { $instrument }
answer-allowed-score = one of the scores { $scores }
answer-allowed-skipped = no answer, since an earlier answer skips it
answer-allowed-between = a number from { $least } to { $most }
answer-allowed-decimals = at most { $decimals } decimals
answer-does-not-fit = { $given } does not fit here; it takes { $allowed }.
