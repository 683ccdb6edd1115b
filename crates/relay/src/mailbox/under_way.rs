//! Answers that a peer has yet to read: a reader that takes its time holds memory of the relay's.

use std::collections::HashMap;

use libp2p::request_response::InboundRequestId;
use protocol::mailbox::Answer;

/// Bytes of all answers that were sent and not read, beyond which askers are told to come again.
const MOST: usize = 16 << 20;

/// Answers under way.
#[derive(Default)]
pub(crate) struct UnderWay {
    bytes: usize,
    each: HashMap<InboundRequestId, usize>,
}

impl UnderWay {
    /// Notes an answer; `false` where there is no room for it now.
    pub(crate) fn takes(&mut self, id: InboundRequestId, answer: &Answer) -> bool {
        let Answer::Found(found) = answer else { return true };
        let bytes = found.items.iter().map(|(_, item)| item.len()).sum::<usize>();
        if bytes > 0 && self.bytes + bytes > MOST {
            return false;
        }
        self.bytes += bytes;
        self.each.insert(id, bytes);
        true
    }

    /// That answer was read, or never will be.
    pub(crate) fn over(&mut self, id: InboundRequestId) {
        self.bytes -= self.each.remove(&id).unwrap_or(0);
    }
}
