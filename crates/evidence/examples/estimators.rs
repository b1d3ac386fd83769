//! Times Kaplan and Meier, the log-rank test and Cox's model on 1,000,000 people, and a meta-analysis of 1,000 trials, and writes
//! the same rows for the peers in `benches/peers/`.
//!
//! `cargo run --release -p stillwater-evidence --example estimators -- FOLDER`; `benches/peers/estimators.sh` runs all of them.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a program that times itself and writes files")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::Instant;

use stillwater_evidence::estimate::Confidence;
use stillwater_evidence::meta::{Effect, Method, Model, pool};
use stillwater_evidence::survival::{Covariate, Observation, Scale, Ties, Weight, cox, kaplan_meier, log_rank};

const PEOPLE: usize = 1_000_000;
const TRIALS: usize = 1_000;

/// Numbers that look drawn and are the same each time (a 64-bit linear congruential generator).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Roughly normal: twelve of them, less their mean.
    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

fn median_seconds<T>(mut work: impl FnMut() -> Result<T, Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let mut seconds = Vec::new();
    for _ in 0..5 {
        let started = Instant::now();
        work()?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds.get(2).copied().unwrap_or(f64::NAN))
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder for the rows")?);
    let mut draw = Draw(4);
    let mut file = BufWriter::new(File::create(folder.join("survival.csv"))?);
    writeln!(file, "time,event,arm,x")?;
    let (mut all, mut arms, mut xs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..PEOPLE {
        let arm = f64::from(u8::from(draw.next() < 0.5));
        let x = (draw.bell() * 100.0).round() / 100.0;
        let until = -draw.next().ln() * 60.0 * (0.3 * arm - 0.2 * x).exp();
        let watched = draw.next() * 180.0;
        // To a tenth of a day, so that many are tied, as in a register.
        let time = (until.min(watched) * 10.0).ceil() / 10.0;
        let event = until <= watched;
        writeln!(file, "{time},{},{arm},{x}", u8::from(event))?;
        all.push(Observation { time, event });
        arms.push(arm);
        xs.push(x);
    }
    file.flush()?;
    let mut file = BufWriter::new(File::create(folder.join("meta.csv"))?);
    writeln!(file, "yi,vi")?;
    let mut effects = Vec::new();
    for _ in 0..TRIALS {
        let variance = 0.01 + 0.2 * draw.next();
        let value = 0.3 + 0.2 * draw.bell() + variance.sqrt() * draw.bell();
        writeln!(file, "{value},{variance}")?;
        effects.push(Effect { value, variance });
    }
    file.flush()?;

    let of = |wanted: f64| -> Vec<Observation> {
        all.iter().zip(&arms).filter(|(_, arm)| **arm == wanted).map(|(one, _)| *one).collect()
    };
    let (first, second) = (of(0.0), of(1.0));
    let columns = [Covariate { name: "arm", values: &arms }, Covariate { name: "x", values: &xs }];
    let usual = Confidence::PERCENT_95;
    let model = Model { method: Method::Reml, hartung_knapp: true };

    let curve = kaplan_meier(&all)?;
    let median = curve.median(Scale::LogLog, usual).time.unwrap_or(f64::NAN);
    let compared = log_rank(&[&first, &second], Weight::LogRank)?;
    let fit = cox(&all, &columns, Ties::Efron, usual)?;
    let hazards: Vec<String> = fit.effects.iter().map(|effect| format!("{:.8}", effect.hazard_ratio.log)).collect();
    let pooled = pool(&effects, model, usual)?;
    let say = |what: &str, seconds: f64, value: String| println!("{what:<34}{seconds:>9.3} s   {value}");
    println!("this crate");
    say("Kaplan-Meier, median", median_seconds(|| Ok(kaplan_meier(&all)?))?, format!("{median}"));
    let seconds = median_seconds(|| Ok(log_rank(&[&first, &second], Weight::LogRank)?))?;
    say("log-rank, chi squared", seconds, format!("{:.6}", compared.test.statistic));
    let seconds = median_seconds(|| Ok(cox(&all, &columns, Ties::Efron, usual)?))?;
    say("Cox, Efron, coefficients", seconds, hazards.join(" "));
    let seconds = median_seconds(|| Ok(pool(&effects, model, usual)?))?;
    say("meta, REML + HKSJ, mean", seconds, format!("{:.8} tau2 {:.8}", pooled.mean.value, pooled.tau_squared));
    Ok(())
}
