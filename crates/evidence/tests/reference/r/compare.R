# Two samples, two shares, rates and ANCOVA on the artificial trial.
source("put.R")
suppressMessages({library(emmeans); library(sandwich)})
d <- read.csv("../../data/trial.csv", stringsAsFactors = FALSE)
d$arm <- factor(d$arm, levels = c("placebo", "ketamine"))
x <- d$week8[d$arm == "ketamine" & !is.na(d$week8)]; z <- d$week8[d$arm == "placebo" & !is.na(d$week8)]
w <- t.test(x, z); put("welch", c(w$statistic, w$parameter, w$p.value, w$conf.int))
s <- t.test(x, z, var.equal = TRUE); put("student", c(s$statistic, s$parameter, s$p.value, s$conf.int))
m <- suppressWarnings(wilcox.test(x, z, conf.int = TRUE)); put("ranksum.tied", c(m$statistic, m$p.value, m$conf.int))
q <- !is.na(d$week1) & !is.na(d$week8); sr <- suppressWarnings(wilcox.test(d$week1[q], d$week8[q], paired = TRUE, conf.int = TRUE)); put("signedrank.tied", c(sr$statistic, sr$p.value, sr$conf.int))
a <- c(1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30); b <- c(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29)
# Hollander & Wolfe (1973), 69f and Depression data as in the help of wilcox.test: permeability of membranes.
px <- c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46); py <- c(1.15, 0.88, 0.90, 0.74, 1.21)
e <- wilcox.test(px, py, conf.int = TRUE); put("ranksum.exact", c(e$statistic, e$p.value, e$conf.int, e$estimate))
g <- wilcox.test(a, b, paired = TRUE, conf.int = TRUE); put("signedrank.exact", c(g$statistic, g$p.value, g$conf.int, g$estimate))
# Rates
put("rate.ratio", { p <- poisson.test(c(30, 17), c(210, 190)); c(p$estimate, p$conf.int, p$p.value) })
put("rate.none", { p <- poisson.test(c(5, 0), c(100, 120)); c(p$conf.int[1], p$p.value) })
# ANCOVA
f <- lm(week8 ~ arm + base, d); cf <- summary(f)$coefficients; put("ancova.arm", c(cf["armketamine", ], confint(f)["armketamine", ])); put("ancova.base", cf["base", ])
put("ancova.sigma", summary(f)$sigma); put("ancova.r2", summary(f)$r.squared); put("ancova.df", f$df.residual)
em <- as.data.frame(emmeans(f, "arm")); put("ancova.mean.placebo", c(em$emmean[1], em$SE[1], em$lower.CL[1], em$upper.CL[1])); put("ancova.mean.ketamine", c(em$emmean[2], em$SE[2]))
for (type in c("HC3", "HC2", "HC1", "HC0")) put(paste0("ancova.", type), sqrt(diag(vcovHC(f, type = type)))["armketamine"])
g <- lm(week8 ~ arm + base + site + sex + age, d); cg <- summary(g)$coefficients; put("full.arm", cg["armketamine", ]); put("full.sitewest", cg["sitewest", ])
put("full.site", { an <- drop1(g, test = "F"); c(an["site", "F value"], an["site", "Pr(>F)"]) })
eg <- as.data.frame(emmeans(g, "arm", weights = "equal")); put("full.mean.equal", c(eg$emmean, eg$SE))
ep <- as.data.frame(emmeans(g, "arm", weights = "proportional")); put("full.mean.observed", c(ep$emmean, ep$SE))
put("cluster.cr1", { v <- vcovCL(f, cluster = d$cluster[!is.na(d$week8)], type = "HC1"); sqrt(v["armketamine", "armketamine"]) })
s2 <- lm(week8 ~ arm * base, d); put("slopes", { an <- anova(f, s2); c(an$F[2], an$`Pr(>F)`[2]) })
st <- lm(week8 ~ site + base, d); st$x <- 1; pr <- as.data.frame(pairs(emmeans(st, "site"), reverse = TRUE, adjust = "none")); put("pairs.est", pr$estimate); put("pairs.p", pr$p.value)
# Shares
t2 <- table(d$arm, d$response)[c("ketamine", "placebo"), c("1", "0")]; put("shares.counts", c(t2[1, 1], sum(t2[1, ]), t2[2, 1], sum(t2[2, ])))
put("shares.fisher", fisher.test(t2)$p.value)
finish("compare.csv", c("emmeans", "sandwich"))
