//! The owner's node over HTTP.

use anyhow::Context as _;
use std::path::Path;

/// Where it is and what opens it.
pub(super) struct Owner {
    address: String,
    token: String,
}

impl Owner {
    pub(super) fn at(address: String, home: &Path) -> anyhow::Result<Self> {
        Ok(Self { address, token: std::fs::read_to_string(home.join("api.token"))?.trim().to_owned() })
    }

    pub(super) fn post(&self, path: &str, body: &serde_json::Value) -> anyhow::Result<serde_json::Value> {
        let call =
            ureq::post(format!("{}/v1/{path}", self.address)).header("Authorization", format!("Bearer {}", self.token));
        Ok(call.send_json(body).with_context(|| format!("POST {path}"))?.body_mut().read_json()?)
    }

    pub(super) fn get(&self, path: &str) -> anyhow::Result<serde_json::Value> {
        let call =
            ureq::get(format!("{}/v1/{path}", self.address)).header("Authorization", format!("Bearer {}", self.token));
        Ok(call.call().with_context(|| format!("GET {path}"))?.body_mut().read_json()?)
    }
}
