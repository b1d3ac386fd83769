# Toeplitz covariances (glmmTMB, restricted likelihood), meta-analytic errors by clusters (metafor), logistic regression, its penalty and
# generalised estimating equations (glm, brglm, geepack).
source("put.R")
suppressMessages({library(glmmTMB); library(metafor); library(brglm); library(geepack)})
l <- read.csv("../../data/trial_long.csv", stringsAsFactors = FALSE); l$arm <- factor(l$arm, c("placebo", "ketamine")); l$visit <- factor(l$week)
f <- glmmTMB(score ~ arm * visit + base + toep(visit + 0 | id), l, dispformula = ~0, REML = TRUE)
put("toeph.deviance", -2 * as.numeric(logLik(f))); put("toeph.coef", fixef(f)$cond[c("armketamine", "base", "armketamine:visit8")])
# Its own errors allow for the covariance being estimated; those of generalised least squares at its covariance do not.
S <- as.matrix(VarCorr(f)$cond$id)[1:4, 1:4]; m <- l[!is.na(l$score), ]; X <- model.matrix(score ~ arm * visit + base, m); k <- as.integer(m$visit)
I <- Reduce(`+`, lapply(split(seq_len(nrow(m)), m$id), function(i) t(X[i, , drop = FALSE]) %*% solve(S[k[i], k[i], drop = FALSE]) %*% X[i, , drop = FALSE]))
put("toeph.se", sqrt(diag(solve(I)))[c("armketamine", "base", "armketamine:visit8")])
d <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg); g <- d$trial %% 5
r0 <- robust(rma(yi, vi, data = d, control = list(tau2.min = 0, threshold = 1e-12)), cluster = g); put("meta.cluster", c(r0$beta, r0$se, r0$pval))
r1 <- robust(rma(yi, vi, mods = ~ ablat, data = d, control = list(threshold = 1e-12)), cluster = g); put("meta.cluster.ablat.coef", r1$beta); put("meta.cluster.ablat.se", r1$se); put("meta.cluster.ablat.p", r1$pval)
w <- read.csv("../../data/trial.csv", stringsAsFactors = FALSE); w$arm <- factor(w$arm, c("placebo", "ketamine"))
h <- glm(response ~ arm + base + site, binomial, w, epsilon = 1e-14); s <- summary(h)$coefficients; put("logistic.coef", s[, 1]); put("logistic.se", s[, 2]); put("logistic.p", s[, 4]); put("logistic.deviance", c(h$deviance, h$null.deviance))
b <- brglm(response ~ arm + base + site, binomial, w, control.brglm = brglm.control(br.epsilon = 1e-12, br.maxit = 500)); put("firth.coef", coef(b)); put("firth.se", summary(b)$coefficients[, 2])
# Marginal risks by standardisation.
u <- w[!is.na(w$response), ]; p <- sapply(levels(w$arm), function(a) { u$arm <- factor(a, levels(w$arm)); mean(predict(h, u, type = "response")) }); put("standardised", p)
o <- l[!is.na(l$better), ]; o$n <- as.integer(factor(o$id)); o <- o[order(o$n, o$week), ]
for (cor in c("independence", "exchangeable")) { e <- geeglm(better ~ arm + visit + base, binomial, o, id = n, corstr = cor, control = geese.control(epsilon = 1e-12, maxit = 200)); put(paste0("gee.", cor, ".coef"), coef(e)); put(paste0("gee.", cor, ".se"), summary(e)$coefficients[, 2]); if (cor == "exchangeable") put("gee.alpha", e$geese$alpha) }
finish("models.csv", c("glmmTMB", "metafor", "brglm", "geepack"))
