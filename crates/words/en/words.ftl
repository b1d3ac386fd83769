# What is said about words themselves.

# Beside a message in English that stands in for a translation which nobody has reviewed yet.
words-unreviewed = (in English: the translation has not been reviewed)
