//! What surrounds a decision: the moment, who asks, and what is known beyond the chart. The pure crates read no clock and
//! open no file, so all of it comes in here.

use jiff::Timestamp;
use uuid::Uuid;

use crate::protocol::Protocols;
use crate::roles::Actor;

/// What surrounds a decision.
#[derive(Clone, Debug)]
pub struct Context<'p> {
    /// The moment.
    pub now: Timestamp,
    /// Who asks.
    pub actor: Actor,
    /// The identity of this command; the same one sent again records nothing new.
    pub command_id: Uuid,
    /// The protocols that are known.
    pub protocols: &'p Protocols,
}
