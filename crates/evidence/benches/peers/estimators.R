# The same work on the same rows: Rscript estimators.R FOLDER, after the example `estimators` has written them.
folder <- commandArgs(TRUE)[1]
rows <- read.csv(file.path(folder, "survival.csv"))
cat(R.version.string, "\n")
say <- function(what, seconds, value) cat(sprintf("%-34s%9.3f s   %s\n", what, seconds, value))
timed <- function(work) { made <- NULL; seconds <- system.time(made <- work())[["elapsed"]]; list(made = made, seconds = seconds) }
if (requireNamespace("survival", quietly = TRUE)) {
  library(survival)
  cat("survival", as.character(packageVersion("survival")), "\n")
  km <- timed(function() survfit(Surv(time, event) ~ 1, rows))
  say("Kaplan-Meier, median", km$seconds, unname(summary(km$made)$table["median"]))
  lr <- timed(function() survdiff(Surv(time, event) ~ arm, rows))
  say("log-rank, chi squared", lr$seconds, sprintf("%.6f", lr$made$chisq))
  cx <- timed(function() coxph(Surv(time, event) ~ arm + x, rows))
  say("Cox, Efron, coefficients", cx$seconds, paste(sprintf("%.8f", coef(cx$made)), collapse = " "))
}
if (requireNamespace("metafor", quietly = TRUE)) {
  cat("metafor", as.character(packageVersion("metafor")), "\n")
  trials <- read.csv(file.path(folder, "meta.csv"))
  m <- timed(function() metafor::rma(yi, vi, data = trials, method = "REML", test = "knha"))
  say("meta, REML + HKSJ, mean", m$seconds, sprintf("%.8f tau2 %.8f", m$made$beta, m$made$tau2))
}
