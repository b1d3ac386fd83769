//! The same linear system in its own modes: eight exponentials in closed form.
//!
//! A matrix exponential for each of 100 000 people would take too long. The system is triangular in blocks, so its
//! rates are known in closed form: three from the compartments of ketamine (a cubic), two from norketamine (a
//! quadratic), two uptake rates and the effect site. Each mode decays on its own, and every concentration is a sum of
//! modes. Where two rates nearly coincide the sum would lose digits; such people are solved by [`crate::system`].

use crate::kinetics::Kinetics;
use crate::schedule::Edge;

/// Ketamine 0 to 2, norketamine 3 and 4, effect site 5, depot 6, gut 7.
const MODES: usize = 8;
const EFFECT: usize = 5;
const DEPOT: usize = 6;
const GUT: usize = 7;

/// Rates closer than this share of each other are left to the exact path.
const TOO_CLOSE: f64 = 1e-4;

/// Concentrations at one time in mg/L.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Levels {
    pub ketamine: f64,
    pub effect: f64,
    pub norketamine: f64,
}

/// The modes of one person: how fast each decays, what each input adds to it, and what it adds to each level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Modes {
    rates: [f64; MODES],
    from_vein: [f64; MODES],
    from_depot: [f64; MODES],
    from_gut: [f64; MODES],
    to_ketamine: [f64; MODES],
    to_effect: [f64; MODES],
    to_norketamine: [f64; MODES],
}

/// The three rates of a central compartment with two side compartments: the roots of
/// `s³ - a s² + b s - c`, which are real and positive. Trigonometric form, then one Newton step for the last digits.
fn cubic_roots(a: f64, b: f64, c: f64) -> [f64; 3] {
    let third = a / 3.0;
    let p = (third * third - b / 3.0).max(0.0);
    let q = third * third * third - third * b / 2.0 + c / 2.0;
    let root = p.sqrt();
    let angle = (q / (p * root)).clamp(-1.0, 1.0).acos() / 3.0;
    let turn = 2.0 * std::f64::consts::FRAC_PI_3;
    let polish = |s: f64| {
        let value = ((s - a) * s + b) * s - c;
        let slope = (3.0 * s - 2.0 * a) * s + b;
        if slope == 0.0 { s } else { s - value / slope }
    };
    [angle, angle + turn, angle - turn].map(|angle| polish(polish(third + 2.0 * root * angle.cos())))
}

impl Modes {
    /// The modes of the person with these kinetics.
    pub(crate) fn of(k: &Kinetics) -> Self {
        let (k10, k12, k13) = (k.cl / k.v1, k.q2 / k.v1, k.q3 / k.v1);
        let (k21, k31) = (k.q2 / k.v2, k.q3 / k.v3);
        let all = k10 + k12 + k13 + k21 + k31;
        let pairs = k10 * (k21 + k31) + k12 * k31 + k13 * k21 + k21 * k31;
        let [l1, l2, l3] = cubic_roots(all, pairs, k10 * k21 * k31);
        // Transfer from the central compartment to itself, at the rate p.
        let central = |p: f64| (k21 - p) * (k31 - p) / ((l1 - p) * (l2 - p) * (l3 - p));
        let share = |p: f64, q: f64, r: f64| (k21 - p) * (k31 - p) / ((q - p) * (r - p));
        let shares = [share(l1, l2, l3), share(l2, l1, l3), share(l3, l1, l2)];

        let (n10, n21) = ((k.cln + k.qn) / k.vn, k.qn / k.vn2);
        let product = k.cln / k.vn * n21;
        let half = 0.5 * (n10 + n21);
        let m1 = half + (half * half - product).max(0.0).sqrt();
        let m2 = product / m1;
        let made = k.fm * k10;
        let norketamine = |p: f64| (n21 - p) / ((m1 - p) * (m2 - p));
        let kept = [(n21 - m1) / (m2 - m1), (n21 - m2) / (m1 - m2)];

        let (ke, kd, kg) = (k.ke, k.ka_depot, k.ka_gut);
        let first_pass = (1.0 - k.fg) * k.gn * kg;
        let from_depot = |p: f64| kd / (kd - p);
        let from_gut = |p: f64| k.fg * kg / (kg - p);

        let depot = kd * central(kd);
        let gut = k.fg * kg * central(kg);
        let site = ke * central(ke);
        let born = |p: f64, kept: f64| {
            let parent = made * central(p);
            [parent * kept, parent * from_depot(p) * kept, (parent * from_gut(p) + first_pass / (kg - p)) * kept]
        };
        let ([s1, s2, s3], [b1, b2]) = (shares, kept);
        let ([v1, d1, g1], [v2, d2, g2]) = (born(m1, b1), born(m2, b2));
        let lag = |p: f64| ke / (ke - p) / k.v1;
        let metabolite = |p: f64| made * norketamine(p) / k.vn;
        Self {
            rates: [l1, l2, l3, m1, m2, ke, kd, kg],
            from_vein: [s1, s2, s3, v1, v2, site, 0.0, 0.0],
            from_depot: [
                s1 * from_depot(l1),
                s2 * from_depot(l2),
                s3 * from_depot(l3),
                d1,
                d2,
                site * from_depot(ke),
                1.0,
                0.0,
            ],
            from_gut: [s1 * from_gut(l1), s2 * from_gut(l2), s3 * from_gut(l3), g1, g2, site * from_gut(ke), 0.0, 1.0],
            to_ketamine: [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, depot, gut].map(|level| level / k.v1),
            to_effect: [lag(l1), lag(l2), lag(l3), 0.0, 0.0, 1.0 / k.v1, depot * lag(kd), gut * lag(kg)],
            to_norketamine: [
                metabolite(l1),
                metabolite(l2),
                metabolite(l3),
                1.0 / k.vn,
                1.0 / k.vn,
                0.0,
                depot * metabolite(kd),
                gut * metabolite(kg) + first_pass * norketamine(kg) / k.vn,
            ],
        }
    }

    /// The slowest rate by which ketamine leaves plasma, given which depots are in use.
    pub(crate) fn slowest(&self, depot: bool, gut: bool) -> f64 {
        let [l1, l2, l3, _, _, _, kd, kg] = self.rates;
        let uptake = [(depot, kd), (gut, kg)].into_iter().filter(|(used, _)| *used).map(|(_, rate)| rate);
        uptake.chain([l1, l2, l3]).fold(f64::INFINITY, f64::min)
    }

    /// Whether two rates that are in use lie too close for closed forms to keep their digits.
    pub(crate) fn too_close(&self, depot: bool, gut: bool) -> bool {
        let used = |mode: usize| (mode != DEPOT || depot) && (mode != GUT || gut);
        let rates = self.rates.iter().enumerate().filter(|(mode, _)| used(*mode));
        rates.clone().any(|(mode, rate)| {
            let later = rates.clone().filter(|(other, _)| *other > mode);
            // Norketamine and the effect site never feed each other.
            let apart = |other: usize| (mode == 3 || mode == 4) && other == EFFECT;
            later.into_iter().any(|(other, next)| !apart(other) && (rate - next).abs() <= TOO_CLOSE * rate.max(*next))
        })
    }

    /// The levels at the asked times (minutes, ascending), handed to `take` one by one.
    pub(crate) fn walk(&self, k: &Kinetics, edges: &[Edge], minutes: &[f64], mut take: impl FnMut(usize, Levels)) {
        let mut walk =
            Walk { modes: self, z: [0.0; MODES], rest: [0.0; MODES], now: 0.0, step: f64::NAN, decay: [1.0; MODES] };
        let mut edges = edges.iter().peekable();
        for (index, &time) in minutes.iter().enumerate() {
            while let Some(edge) = edges.next_if(|edge| edge.at_minutes <= time) {
                walk.go(edge.at_minutes);
                walk.enter(edge.jump.for_person(k), edge.rate_per_hour.for_person(k));
            }
            walk.go(time);
            take(index, walk.levels());
        }
    }
}

/// One person's modes on their way through time.
struct Walk<'a> {
    modes: &'a Modes,
    z: [f64; MODES],
    /// Where each mode settles under the present input.
    rest: [f64; MODES],
    now: f64,
    step: f64,
    decay: [f64; MODES],
}

impl Walk<'_> {
    fn go(&mut self, to: f64) {
        let step = to - self.now;
        if step <= 0.0 {
            return;
        }
        if step != self.step {
            self.step = step;
            let hours = step / 60.0;
            self.decay = self.modes.rates.map(|rate| (-rate * hours).exp());
        }
        for ((z, rest), decay) in self.z.iter_mut().zip(&self.rest).zip(&self.decay) {
            *z = rest + (*z - rest) * decay;
        }
        self.now = to;
    }

    fn enter(&mut self, jump: [f64; 3], rate: [f64; 3]) {
        let m = self.modes;
        let ways = m.from_vein.iter().zip(&m.from_depot).zip(&m.from_gut).zip(&m.rates);
        for ((z, rest), (((vein, depot), gut), decay)) in self.z.iter_mut().zip(&mut self.rest).zip(ways) {
            let add = |[v, d, g]: [f64; 3]| {
                // An input that is not in use must not bring in its factor, which may be without meaning.
                let mut sum = 0.0;
                for (amount, factor) in [(v, vein), (d, depot), (g, gut)] {
                    if amount != 0.0 {
                        sum += amount * factor;
                    }
                }
                sum
            };
            *z += add(jump);
            *rest = add(rate) / decay;
        }
    }

    /// Sums that should be zero come out as rounding on either side of it; below zero they are shown as zero.
    fn levels(&self) -> Levels {
        let m = self.modes;
        let sum = |weights: &[f64; MODES]| {
            let total: f64 =
                self.z.iter().zip(weights).map(|(z, weight)| if *z == 0.0 { 0.0 } else { z * weight }).sum();
            total.max(0.0)
        };
        Levels { ketamine: sum(&m.to_ketamine), effect: sum(&m.to_effect), norketamine: sum(&m.to_norketamine) }
    }
}
