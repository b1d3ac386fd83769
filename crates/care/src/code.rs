//! Lists of pinned codes: an enumeration whose members are stored, compared and put into words by a code that never changes.

/// A member of a list of pinned codes.
pub trait Code: Copy {
    /// The list's name, by which `words` finds the word of a member.
    const OF: &'static str;

    /// The member's code, as it is stored.
    fn code(self) -> &'static str;
}

/// An enumeration whose members are stored by pinned codes: the type, `ALL`, and [`Code`].
macro_rules! coded_enum {
    ($(#[$about:meta])* $vis:vis enum $type:ident of $of:literal { $($(#[$each:meta])* $member:ident = $code:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $type {
            $($(#[$each])* #[serde(rename = $code)] $member,)*
        }

        impl $type {
            /// Every member, in order.
            pub const ALL: &'static [Self] = &[$(Self::$member),*];
        }

        impl $crate::code::Code for $type {
            const OF: &'static str = $of;

            fn code(self) -> &'static str {
                match self {
                    $(Self::$member => $code,)*
                }
            }
        }
    };
}
pub(crate) use coded_enum;

/// [`Code`] for an enumeration that is written out by itself. Its members and their codes stand side by side, and a member
/// that is not listed does not build.
macro_rules! code_of {
    ($type:ident of $of:literal { $($member:ident = $code:literal,)* }) => {
        impl $crate::code::Code for $type {
            const OF: &'static str = $of;

            fn code(self) -> &'static str {
                match self {
                    $(Self::$member => $code,)*
                }
            }
        }
    };
}
pub(crate) use code_of;

/// [`Code`] for an enumeration that tells its own codes.
macro_rules! listed {
    ($type:ident of $of:literal) => {
        impl $crate::code::Code for $type {
            const OF: &'static str = $of;

            fn code(self) -> &'static str {
                Self::code(self)
            }
        }
    };
}
pub(crate) use listed;
