//! The rates of one person: the typical parameters, changed by weight, age and how that person differs.

use crate::parameters as p;
use crate::parameters::Parameter;
use crate::person::Person;
use crate::preparation::Preparation;
use crate::product::{Product, Route};

/// How one person differs from the typical one: factors on the parameters, and shifts on the logit for the shares
/// that pass the nose or mouth. Nothing is changed for the typical person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Deviation {
    pub clearance: f64,
    pub v1: f64,
    pub v2: f64,
    pub v3: f64,
    pub q2: f64,
    pub q3: f64,
    pub norketamine_clearance: f64,
    pub vn: f64,
    pub effect_site: f64,
    pub ka_depot: f64,
    pub ka_gut: f64,
    pub muscle_share: f64,
    pub nose_logit: f64,
    pub mouth_logit: f64,
    pub gut_share: f64,
    pub pressure: f64,
    pub dissociation: f64,
}

impl Deviation {
    pub(crate) const NONE: Self = Self {
        clearance: 1.0,
        v1: 1.0,
        v2: 1.0,
        v3: 1.0,
        q2: 1.0,
        q3: 1.0,
        norketamine_clearance: 1.0,
        vn: 1.0,
        effect_site: 1.0,
        ka_depot: 1.0,
        ka_gut: 1.0,
        muscle_share: 1.0,
        nose_logit: 0.0,
        mouth_logit: 0.0,
        gut_share: 1.0,
        pressure: 1.0,
        dissociation: 1.0,
    };
}

/// All numbers of the linear system for one person and one preparation. Rates per hour, volumes in litres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Kinetics {
    pub cl: f64,
    pub v1: f64,
    pub v2: f64,
    pub v3: f64,
    pub q2: f64,
    pub q3: f64,
    pub fm: f64,
    pub cln: f64,
    pub qn: f64,
    pub vn: f64,
    pub vn2: f64,
    /// Rate of the effect site.
    pub ke: f64,
    /// Uptake rate from nose, mouth or muscle.
    pub ka_depot: f64,
    /// Uptake rate of what was swallowed.
    pub ka_gut: f64,
    /// Share that passes nose, mouth or muscle, for a first device and for each further one.
    pub depot_first: f64,
    /// See [`Kinetics::depot_first`].
    pub depot_next: f64,
    /// Share that is lost.
    pub loss: f64,
    /// Share of the swallowed part that reaches plasma as ketamine.
    pub fg: f64,
    /// Norketamine made of the rest of the swallowed part.
    pub gn: f64,
}

impl Kinetics {
    /// The rates of `person`, who differs from the typical by `deviation`, for this preparation.
    pub(crate) fn of(preparation: Preparation, person: Person, deviation: &Deviation) -> Self {
        let volume = person.size();
        let flow = volume.powf(0.75);
        let cl = match preparation.product() {
            Product::Racemate => p::CL_RACEMATE,
            Product::Esketamine => p::CL_ESKETAMINE,
        };
        let way = Absorption::of(preparation);
        let nose = matches!(preparation.route(), Route::Intranasal);
        let mouth = matches!(preparation.route(), Route::Sublingual);
        let share = |parameter: Option<Parameter>| {
            let typical = parameter.map_or(0.0, |parameter| parameter.value);
            if nose {
                shifted(typical, deviation.nose_logit)
            } else if mouth {
                shifted(typical, deviation.mouth_logit)
            } else {
                (typical * deviation.muscle_share).min(1.0)
            }
        };
        let depot_first = share(way.first);
        Self {
            cl: cl.value * flow * person.clearance_by_age() * deviation.clearance,
            v1: p::V1.value * volume * deviation.v1,
            v2: p::V2.value * volume * deviation.v2,
            v3: p::V3.value * volume * deviation.v3,
            q2: p::Q2.value * flow * deviation.q2,
            q3: p::Q3.value * flow * deviation.q3,
            fm: p::FM.value,
            cln: p::CLN.value * flow * deviation.norketamine_clearance,
            qn: p::QN.value * flow,
            vn: p::VN.value * volume * deviation.vn,
            vn2: p::VN2.value * volume,
            ke: std::f64::consts::LN_2 / (p::TE.value / 60.0 * deviation.effect_site),
            ka_depot: way.ka_depot * deviation.ka_depot,
            ka_gut: way.ka_gut * deviation.ka_gut,
            depot_first,
            depot_next: share(way.next),
            // What does not leave the muscle is lost; nothing of it is swallowed.
            loss: if preparation.route() == Route::Intramuscular { 1.0 - depot_first } else { 0.0 },
            fg: (way.fg * deviation.gut_share).min(1.0),
            gn: way.gn,
        }
    }
}

/// The typical numbers of one way in. Rates that a way does not use are set to 1 per hour: nothing enters there.
struct Absorption {
    first: Option<Parameter>,
    next: Option<Parameter>,
    ka_depot: f64,
    ka_gut: f64,
    fg: f64,
    gn: f64,
}

impl Absorption {
    fn of(preparation: Preparation) -> Self {
        let swallowed =
            |first: Parameter, next: Parameter, ka: Parameter, gut: Parameter, fg: Parameter, gn: Parameter| Self {
                first: Some(first),
                next: Some(next),
                ka_depot: ka.value,
                ka_gut: gut.value,
                fg: fg.value,
                gn: gn.value,
            };
        let drunk = |fg: Parameter| Self {
            first: None,
            next: None,
            ka_depot: 1.0,
            ka_gut: p::PO_KA.value,
            fg: fg.value,
            gn: p::PO_GN.value,
        };
        match (preparation.route(), preparation.product()) {
            (Route::Intravenous, _) => Self { first: None, next: None, ka_depot: 1.0, ka_gut: 1.5, fg: 0.0, gn: 0.0 },
            (Route::Intramuscular, _) => Self {
                first: Some(p::IM_FM1),
                next: Some(p::IM_FM1),
                ka_depot: p::IM_KA.value,
                ka_gut: 1.5,
                fg: 0.0,
                gn: 0.0,
            },
            (Route::Intranasal, Product::Esketamine) => {
                swallowed(p::ES_IN_FM1_FIRST, p::ES_IN_FM1_NEXT, p::ES_IN_KA, p::ES_IN_KA_GUT, p::ES_IN_FG, p::ES_IN_GN)
            }
            (Route::Intranasal, Product::Racemate) => {
                swallowed(p::RA_IN_FM1, p::RA_IN_FM1, p::RA_IN_KA, p::RA_IN_KA_GUT, p::RA_IN_FG, p::RA_IN_GN)
            }
            (Route::Sublingual, Product::Racemate) => {
                swallowed(p::RA_SL_FM1, p::RA_SL_FM1, p::SL_KA, p::SL_KA_GUT, p::RA_SL_FG, p::SL_GN)
            }
            (Route::Sublingual, Product::Esketamine) => {
                swallowed(p::ES_SL_FM1, p::ES_SL_FM1, p::SL_KA, p::SL_KA_GUT, p::ES_SL_FG, p::SL_GN)
            }
            (Route::Oral, Product::Racemate) => drunk(p::RA_PO_FG),
            (Route::Oral, Product::Esketamine) => drunk(p::ES_PO_FG),
        }
    }
}

/// A share moved on the logit scale, so that it stays between 0 and 1.
fn shifted(share: f64, logit: f64) -> f64 {
    if logit == 0.0 {
        return share;
    }
    let odds = share / (1.0 - share) * logit.exp();
    odds / (1.0 + odds)
}
