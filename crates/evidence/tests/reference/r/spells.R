# Cox's model over spells, strata, robust and clustered errors, Firth's penalty, restricted means, Gray and Fine-Gray.
source("put.R")
suppressMessages({library(survival); library(cmprsk)})
d <- read.csv("../../data/trial.csv", stringsAsFactors = FALSE); d$ket <- as.integer(d$arm == "ketamine"); d$ev <- as.integer(d$status == 1)
s <- read.csv("../../data/trial_intervals.csv", stringsAsFactors = FALSE); s$ket <- as.integer(s$arm == "ketamine")
show <- function(name, f, robust = FALSE) { k <- summary(f)$coefficients; put(paste0(name, ".coef"), k[, "coef"]); put(paste0(name, ".se"), k[, if (robust) "robust se" else "se(coef)"]); if (robust) put(paste0(name, ".naive"), k[, "se(coef)"]); put(paste0(name, ".log"), f$loglik) }
for (ties in c("efron", "breslow")) {
  show(paste0("plain.", ties), coxph(Surv(time, ev) ~ ket + base, d, ties = ties))
  show(paste0("strata.", ties), coxph(Surv(time, ev) ~ ket + base + strata(site), d, ties = ties))
  show(paste0("robust.", ties), coxph(Surv(time, ev) ~ ket + base, d, ties = ties, robust = TRUE), TRUE)
  show(paste0("cluster.", ties), coxph(Surv(time, ev) ~ ket + base, d, ties = ties, cluster = cluster), TRUE)
  show(paste0("spells.", ties), coxph(Surv(start, stop, relapse) ~ ket + base + boosted, s, ties = ties))
  show(paste0("spellscluster.", ties), coxph(Surv(start, stop, relapse) ~ ket + base + boosted + strata(site), s, ties = ties, cluster = id), TRUE)
}
# Firth: the penalised likelihood climbed from outside, with coxph asked for log-likelihood and information at fixed coefficients.
firth <- function(formula, data, p) {
  at <- function(b) { f <- coxph(formula, data, ties = "breslow", init = b, iter.max = 0); f$loglik[2] + 0.5 * log(det(solve(f$var))) }
  o <- optim(rep(0, p), function(b) -at(b), method = "BFGS", control = list(reltol = 1e-15, maxit = 500))
  o <- optim(o$par, function(b) -at(b), method = "Nelder-Mead", control = list(reltol = 1e-16, maxit = 5000))
  f <- coxph(formula, data, ties = "breslow", init = o$par, iter.max = 0)
  list(b = o$par, se = sqrt(diag(f$var)), log = -o$value, null = at(rep(0, p)))
}
f1 <- suppressWarnings(firth(Surv(time, ev) ~ ket + I((base - 50) / 9), d, 2)); put("firth.coef", f1$b); put("firth.se", f1$se); put("firth.log", f1$log); put("firth.null", f1$null)
sep <- data.frame(time = c(1, 2, 3, 4, 5, 6, 7, 9, 9, 9), ev = c(1, 1, 1, 1, 0, 0, 0, 0, 0, 0), x = c(1, 1, 1, 1, 1, 0, 0, 0, 0, 0))
one <- function(b) { f <- coxph(Surv(time, ev) ~ x, sep, ties = "breslow", init = b, iter.max = 0); f$loglik[2] + 0.5 * log(1 / f$var[1, 1]) }
b <- optimize(one, c(-5, 10), maximum = TRUE, tol = 1e-12)$maximum; put("firth.separated", b)
put("firth.separated.p", pchisq(2 * (one(b) - one(0)), 1, lower.tail = FALSE))
put("firth.separated.low", uniroot(function(x) one(x) - one(b) + qchisq(0.95, 1) / 2, c(-10, b), tol = 1e-12)$root)
# Restricted means
km <- survfit(Surv(time, ev) ~ arm, d); m <- summary(km, rmean = 60)$table[, c("rmean", "se(rmean)")]
put("rmst.ketamine", m["arm=ketamine", ]); put("rmst.placebo", m["arm=placebo", ])
# Gray and Fine-Gray
g <- cuminc(d$time, d$status, d$arm); put("gray.1", g$Tests["1", c("stat", "pv", "df")]); put("gray.2", g$Tests["2", c("stat", "pv", "df")])
g3 <- cuminc(d$time, d$status, d$site); put("gray3.1", g3$Tests["1", c("stat", "pv", "df")]); put("gray3.2", g3$Tests["2", c("stat", "pv", "df")])
cr <- crr(d$time, d$status, cbind(d$ket, d$base), failcode = 1); put("crr.coef", cr$coef); put("crr.se", sqrt(diag(cr$var)))
d$state <- factor(d$status, 0:2, c("censored", "relapse", "left")); fg <- finegray(Surv(time, state) ~ ket + base + id, d, etype = "relapse")
for (ties in c("efron", "breslow")) show(paste0("finegray.", ties), coxph(Surv(fgstart, fgstop, fgstatus) ~ ket + base, fg, weights = fgwt, cluster = id, ties = ties), TRUE)
finish("spells.csv", c("survival", "cmprsk"))
