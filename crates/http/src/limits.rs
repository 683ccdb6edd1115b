//! Every bound of this interface, named once, each with its reason.

use std::time::Duration;

/// Largest JSON body, in bytes: the longest wish is a handful of texts of 2 KiB and an invite.
pub(crate) const BODY_BYTES: usize = 256 * 1024;
/// Largest body that carries a dataset, in bytes: a file of 16 MiB as base64, and its words.
pub(crate) const DATASET_BYTES: usize = 24 * 1024 * 1024;
/// Largest list Duo's `store_data` takes, in bytes of its body: no token stands before it, so half of a dataset's.
pub(crate) const DUO_DATA_BYTES: usize = 8 * 1024 * 1024;
/// How much of a body beyond its limit is read and dropped, in bytes, so that its sender reads the refusal instead of a
/// connection reset.
pub(crate) const DRAIN_BYTES: usize = 64 * 1024 * 1024;
/// How long the sender of a file that is refused may pause before its connection is closed.
pub(crate) const DRAIN_TIME: Duration = Duration::from_secs(2);
/// How long a body may take to arrive.
pub(crate) const BODY_TIME: Duration = Duration::from_secs(30);

/// Open connections per listener.
pub(crate) const CONNECTIONS: usize = 128;
/// Requests handled at once under `/v1`.
pub(crate) const REQUESTS: usize = 64;
/// Requests handled at once under Duo's endpoints, where nobody is known.
pub(crate) const DUO_REQUESTS: usize = 16;
/// Clients of the event stream at once.
pub(crate) const EVENT_STREAMS: usize = 32;
/// Events that may wait for one slow client before it is told that it lagged.
pub(crate) const EVENTS_WAITING: usize = 16;
/// Silence after which the event stream sends a comment, so that both ends notice a dead connection.
pub(crate) const EVENTS_SILENCE: Duration = Duration::from_secs(15);

/// Time for a request's line and headers, which is also how long an idle connection is kept.
pub(crate) const HEADER_TIME: Duration = Duration::from_secs(15);
/// Header fields of one request; browsers send about 20.
pub(crate) const HEADERS: usize = 64;
/// Read buffer of a connection, in bytes: bounds request line and headers together.
pub(crate) const BUFFER_BYTES: usize = 32 * 1024;
/// Longest `?wait=`, in seconds. Whoever waits longer asks again.
pub(crate) const WAIT_SECONDS: u64 = 60;
/// How long a handler may take: longer than any wait, so that a wait always ends by itself.
pub(crate) const HANDLER_TIME: Duration = Duration::from_secs(90);
/// How long receiving, reading and storing a file of any size may take.
pub(crate) const FILE_TIME: Duration = Duration::from_secs(3600);
/// How long `stop` lets answers finish.
pub(crate) const STOP_TIME: Duration = Duration::from_secs(3);

/// Entries of the log on one page, unless said.
pub(crate) const LOG_PAGE: usize = 100;
/// Entries of the log on one page at most.
pub(crate) const LOG_PAGE_MOST: usize = 1000;

/// Calls that may wait to be recorded, those under way included: more than both listeners have connections.
pub(crate) const CALLS_WAITING: usize = 1024;
/// Calls recorded in one commit.
pub(crate) const CALLS_BATCH: usize = 256;
/// How long a call that changed nothing may wait for company before it is recorded. A crash loses at most these.
pub(crate) const CALLS_PAUSE: Duration = Duration::from_secs(1);
/// Recorded calls on one page, unless said.
pub(crate) const CALLS_PAGE: usize = 100;
/// Recorded calls on one page at most.
pub(crate) const CALLS_PAGE_MOST: usize = 1000;

/// Datasets a Duo session numbers: a partner whose catalog never stops changing must not fill memory.
pub(crate) const DUO_DATASETS: usize = 4096;
/// How long a Duo call waits for the other side's catalog before it uses what was told last.
pub(crate) const DUO_CATALOG_TIME: Duration = Duration::from_secs(10);
/// How long a Duo call waits for the other side to take a request, or to answer a run.
pub(crate) const DUO_ANSWER_TIME: Duration = Duration::from_secs(60);
/// How long the joiner is waited for before the wait is begun again.
pub(crate) const DUO_JOIN_TIME: Duration = Duration::from_secs(60);
