//! The small pictures of a look-in and of lying on the side, drawn so that they read at a glance and in the dark.

use maud::{Markup, html};

/// Somebody calls, and a head turns: do they answer to their name?
pub(super) fn calling() -> Markup {
    html! {
        svg .picture viewBox="0 0 160 100" role="img" aria-label="Someone calls a name and a face turns" {
            circle cx="46" cy="46" r="24" {}
            path d="M40 48h.1M54 48h.1M42 58q6 5 12 0M22 88q24-22 48 0" {}
            path d="M92 30q14 16 0 32M106 22q22 24 0 48M120 14q30 32 0 64" {}
        }
    }
}

/// A chest that rises and falls: do they breathe easily?
pub(super) fn breathing() -> Markup {
    html! {
        svg .picture viewBox="0 0 160 100" role="img" aria-label="A lying person whose chest rises and falls" {
            circle cx="30" cy="62" r="14" {}
            path d="M46 70h96M46 70q34-34 60 0" {}
            path d="M76 34V14M69 21l7-8 7 8M96 14v20M89 27l7 8 7-8" {}
        }
    }
}

/// A face and a fingertip: is the colour as usual?
pub(super) fn colour() -> Markup {
    html! {
        svg .picture viewBox="0 0 160 100" role="img" aria-label="A face with its lips, and a fingertip" {
            circle cx="52" cy="50" r="34" {}
            path d="M40 44h.1M64 44h.1" {}
            path .lips d="M40 62q12 12 24 0q-12-6-24 0z" {}
            path d="M112 86V40q0-12 10-12t10 12v46" {}
            path d="M116 42q6-8 12 0" {}
        }
    }
}

/// Seen from above: somebody on their side, the head back, a hand under the cheek, the upper knee bent.
pub(super) fn on_their_side() -> Markup {
    html! {
        svg .picture.lying viewBox="0 0 120 84" role="img" aria-label="Seen from above: a person lying on their side, head tilted back, one hand under the cheek, the upper knee bent forward" {
            rect .floor x="2" y="2" width="116" height="80" rx="10" {}
            path .trunk d="M41 30L70 34" {}
            path d="M74 36L96 34 114 38M38 34L30 62 46 70" {}
            path .upper d="M72 38L90 60 72 72M44 34L34 50 22 44" {}
            circle .head cx="17" cy="26" r="12" {}
        }
    }
}
