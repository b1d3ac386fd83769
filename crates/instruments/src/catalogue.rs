//! The instruments that come with the program.

use std::sync::LazyLock;

use crate::model::Instrument;
use crate::read::read_instrument;

/// File name and text of every built-in instrument.
pub const FILES: &[(&str, &str)] = &[
    ("acute-effects-check.toml", include_str!("../data/acute-effects-check.toml")),
    ("asq.toml", include_str!("../data/asq.toml")),
    ("audit.toml", include_str!("../data/audit.toml")),
    ("audit-c.toml", include_str!("../data/audit-c.toml")),
    ("b-ipf.toml", include_str!("../data/b-ipf.toml")),
    ("bladder-check.toml", include_str!("../data/bladder-check.toml")),
    ("bpic-ss.toml", include_str!("../data/bpic-ss.toml")),
    ("bprs-positive.toml", include_str!("../data/bprs-positive.toml")),
    ("c-ssrs-last-contact.toml", include_str!("../data/c-ssrs-last-contact.toml")),
    ("c-ssrs-recent.toml", include_str!("../data/c-ssrs-recent.toml")),
    ("cadss-23.toml", include_str!("../data/cadss-23.toml")),
    ("cadss-6.toml", include_str!("../data/cadss-6.toml")),
    ("caps-5.toml", include_str!("../data/caps-5.toml")),
    ("ceq.toml", include_str!("../data/ceq.toml")),
    ("cgi-i.toml", include_str!("../data/cgi-i.toml")),
    ("cgi-s.toml", include_str!("../data/cgi-s.toml")),
    ("daily-check.toml", include_str!("../data/daily-check.toml")),
    ("dast-10.toml", include_str!("../data/dast-10.toml")),
    ("edi.toml", include_str!("../data/edi.toml")),
    ("gad-7.toml", include_str!("../data/gad-7.toml")),
    ("ies-r.toml", include_str!("../data/ies-r.toml")),
    ("isi.toml", include_str!("../data/isi.toml")),
    ("itq.toml", include_str!("../data/itq.toml")),
    ("lec-5.toml", include_str!("../data/lec-5.toml")),
    ("madrs.toml", include_str!("../data/madrs.toml")),
    ("meq30.toml", include_str!("../data/meq30.toml")),
    ("moaa-s.toml", include_str!("../data/moaa-s.toml")),
    ("pc-ptsd-5.toml", include_str!("../data/pc-ptsd-5.toml")),
    ("pcl-5-month.toml", include_str!("../data/pcl-5-month.toml")),
    ("pcl-5-week.toml", include_str!("../data/pcl-5-week.toml")),
    ("phq-2.toml", include_str!("../data/phq-2.toml")),
    ("phq-9.toml", include_str!("../data/phq-9.toml")),
    ("promis-sf4a.toml", include_str!("../data/promis-sf4a.toml")),
    ("qids-sr16.toml", include_str!("../data/qids-sr16.toml")),
    ("session-check.toml", include_str!("../data/session-check.toml")),
    ("srs.toml", include_str!("../data/srs.toml")),
    ("stop-bang.toml", include_str!("../data/stop-bang.toml")),
    ("wai-sr.toml", include_str!("../data/wai-sr.toml")),
    ("who-5.toml", include_str!("../data/who-5.toml")),
    ("whodas-12.toml", include_str!("../data/whodas-12.toml")),
];

/// A set of instruments.
#[derive(Debug, Default)]
pub struct Catalogue {
    all: Vec<Instrument>,
}

// The files are part of the program, and a test reads each of them: none can be left out here.
static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue {
    all: FILES.iter().filter_map(|(file, text)| read_instrument(file, text).ok()).collect(),
});

impl Catalogue {
    /// The instruments that come with the program; a test shows that every file can be read.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// The instrument with an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Instrument> {
        self.all.iter().find(|instrument| instrument.id == id)
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Instrument> {
        self.all.iter()
    }
}
