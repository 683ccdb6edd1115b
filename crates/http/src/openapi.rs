//! The description of `/v1`, OpenAPI 3.1: this frame, and what each handler says of itself.

use crate::{problem::Document, scope};
use axum::http::Method;
use utoipa::{
    Modify, OpenApi as _,
    openapi::{
        OpenApi,
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

/// The name the scheme has in the document.
const SCHEME: &str = "token";
const DESCRIPTION: &str = "The content of api.token in the node's home, new at each start, which may do everything; or a \
    token that it made for a program. Those have a scope: read looks at what is no secret; request also asks others and \
    runs what they approved; decide also decides for this home. Each operation names the scope it needs; home is what \
    only the home's own token may do. A token of too little scope is refused with 403 and a Bearer challenge that names \
    the scope (RFC 6750).";

/// Everything but the paths and their forms.
pub(crate) fn frame() -> OpenApi {
    Frame::openapi()
}

/// Names each operation by its method and path, for handlers of different nouns share their function's name, and says
/// which scope it needs.
pub(crate) fn finish(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let words: Vec<_> = path.split(|character: char| !character.is_ascii_alphanumeric()).collect();
        let noun = words.into_iter().filter(|word| !word.is_empty() && *word != "v1").collect::<Vec<_>>().join("_");
        let operations = [
            (Method::GET, &mut item.get),
            (Method::POST, &mut item.post),
            (Method::PATCH, &mut item.patch),
            (Method::PUT, &mut item.put),
            (Method::DELETE, &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{}_{noun}", method.as_str().to_ascii_lowercase()));
                let scope = scope::of_call(&method, path).to_string();
                operation.security = Some(vec![SecurityRequirement::new(SCHEME, [scope])]);
            }
        }
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Halfdoor",
        description = "The node on this computer. Identifiers are lower-case hex, times are seconds since 1970 UTC, \
            computed numbers are exact decimal text. Failures are problem documents (RFC 9457).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(Document)),
    modifiers(&Token),
    security(("token" = [])),
    tags(
        (name = "node", description = "This node, its relays, what happens in it"),
        (name = "people", description = "Who it is connected with, and how they are let in"),
        (name = "datasets", description = "What it owns"),
        (name = "requests", description = "What is asked, and running what was approved"),
        (name = "decisions", description = "What an owner is shown, and answers"),
        (name = "grants", description = "What approvals allow"),
        (name = "outcomes", description = "What left, with receipts"),
        (name = "offers", description = "Offers and refusals that rest on answers"),
        (name = "log", description = "The verifiable log"),
        (name = "tokens", description = "What other programs may do here, and what was called")
    )
)]
struct Frame;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some(DESCRIPTION.to_owned());
        document.components.get_or_insert_default().add_security_scheme(SCHEME, SecurityScheme::Http(scheme));
    }
}

#[cfg(test)]
mod tests;
