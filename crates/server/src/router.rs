//! The roof: every room's routes, the layers around them, and serving until told to stop.

use std::future::Future;
use std::net::SocketAddr;

use axum::Router;
use axum::middleware;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

use crate::auth::{leave, links, pages, session};
use crate::http::edge;
use crate::http::route::{Entry, Routes};
use crate::state::App;
use crate::{assets, companion, demo_clock, library, live, patient, problem_pages, programme, staff, style_guide};

/// Every route of the server. A new room is added here.
#[must_use]
pub fn routes() -> Routes {
    pages::routes()
        .and(leave::routes())
        .and(links::routes())
        .and(assets::routes())
        .and(style_guide::routes())
        .and(live::routes())
        .and(companion::routes())
        .and(staff::routes())
        .and(programme::routes())
        .and(library::routes())
        .and(patient::routes())
        .and(demo_clock::routes())
}

/// What is registered, for printing the access table.
#[must_use]
pub fn entries() -> Vec<Entry> {
    routes().entries().to_vec()
}

/// The whole service with its layers.
pub fn router(app: App) -> Router {
    layered(routes(), app)
}

/// Puts the layers around any set of routes; the outermost is added last.
pub fn layered(routes: Routes, app: App) -> Router {
    routes
        .into_router()
        .layer(CatchPanicLayer::custom(edge::caught))
        .layer(middleware::from_fn_with_state(app.clone(), session::identify))
        .layer(middleware::from_fn_with_state(app.clone(), problem_pages::readable))
        .layer(middleware::from_fn_with_state(app.clone(), edge::outermost))
        .with_state(app)
}

/// Serves until `shutdown` is done, then ends the streams and waits for what is still being answered.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let stop = app.stop.clone();
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            shutdown.await;
            stop.cancel();
        })
        .await
}
