//! The address of the style guide, in debug builds only.

use crate::http::Routes;

/// The one route, or none.
#[must_use]
pub fn routes() -> Routes {
    #[cfg(debug_assertions)]
    return Routes::new().get("look", "/look", crate::auth::access::Who::Anyone, page);
    #[cfg(not(debug_assertions))]
    Routes::new()
}

#[cfg(debug_assertions)]
async fn page(ctx: crate::http::PageContext) -> maud::Markup {
    stillwater_ui::guide::page(&ctx, "/look")
}
