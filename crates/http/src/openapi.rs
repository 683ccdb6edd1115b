//! The description of `/v1`, OpenAPI 3.1: this frame, and what each handler says of itself.

use crate::problem::Document;
use utoipa::{
    Modify, OpenApi as _,
    openapi::{
        OpenApi,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

/// The name the scheme has in the document.
const SCHEME: &str = "token";

/// Everything but the paths and their forms.
pub(crate) fn frame() -> OpenApi {
    Frame::openapi()
}

/// Names each operation by its method and path: handlers of different nouns share their function's name.
pub(crate) fn name_operations(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let words: Vec<_> = path.split(|character: char| !character.is_ascii_alphanumeric()).collect();
        let noun = words.into_iter().filter(|word| !word.is_empty() && *word != "v1").collect::<Vec<_>>().join("_");
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{noun}"));
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
        (name = "log", description = "The verifiable log")
    )
)]
struct Frame;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some("The content of api.token in the node's home, new at each start".to_owned());
        document.components.get_or_insert_default().add_security_scheme(SCHEME, SecurityScheme::Http(scheme));
    }
}

#[cfg(test)]
mod tests;
