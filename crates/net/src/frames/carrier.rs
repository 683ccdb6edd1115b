//! One connection's lines.

use std::{
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use futures::{
    FutureExt, StreamExt,
    channel::mpsc::{self, Receiver, UnboundedSender},
    future::BoxFuture,
};
use libp2p::{
    Stream, StreamProtocol,
    core::upgrade::ReadyUpgrade,
    swarm::{
        ConnectionHandler, ConnectionHandlerEvent, StreamUpgradeError, SubstreamProtocol,
        handler::{ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound},
    },
};

use super::{
    Ending, PROTOCOL,
    incoming::{self, Batch},
    outgoing,
};
use crate::limits;

type Upgrade = ReadyUpgrade<StreamProtocol>;
type Event = ConnectionHandlerEvent<Upgrade, (), Report>;

/// A frame to carry, behind those of the same line.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) line: u64,
    pub(crate) frame: Vec<u8>,
}

/// What a connection tells.
#[derive(Debug)]
pub(crate) enum Report {
    /// The oldest frame of the line that was not.
    Answered {
        line: u64,
        answer: Vec<u8>,
    },
    /// Nothing more of this line is sent or answered.
    Ended {
        line: u64,
        ending: Ending,
    },
    Arrived(Batch),
}

/// One connection's line out and line in. The line out is opened with the first frame and stays for the next; a frame
/// of a later line ends it.
#[derive(Default)]
pub(crate) struct Carrier {
    line: u64,
    /// The line has ended: what was still ordered for it is not sent, it would overtake what was lost.
    over: bool,
    out: Out,
    /// Frames not answered.
    under_way: usize,
    /// Those of them that wait for the stream.
    unwritten: Vec<Vec<u8>>,
    incoming: Option<Incoming>,
    report: Option<Report>,
}

#[derive(Default)]
enum Out {
    #[default]
    None,
    Opening,
    Open(Outgoing),
}

struct Outgoing {
    frames: UnboundedSender<Vec<u8>>,
    answers: Receiver<Vec<u8>>,
    work: BoxFuture<'static, io::Result<()>>,
    /// How the work ended; the last answers may still be here.
    done: Option<String>,
}

struct Incoming {
    batches: Receiver<Batch>,
    work: BoxFuture<'static, io::Result<()>>,
    busy: Arc<AtomicBool>,
}

impl Carrier {
    fn opened(&mut self, mut stream: Stream) {
        // an idle line is no reason to stay connected
        stream.ignore_for_keep_alive();
        let (frames, written) = mpsc::unbounded();
        let (answer, answers) = outgoing::answers();
        let work = outgoing::carry(stream, written, answer).boxed();
        for frame in self.unwritten.drain(..) {
            // the other end is in `work`
            let _ = frames.unbounded_send(frame);
        }
        self.out = Out::Open(Outgoing { frames, answers, work, done: None });
    }

    fn ended(&mut self, ending: Ending) {
        self.out = Out::None;
        self.unwritten.clear();
        if std::mem::take(&mut self.under_way) > 0 {
            self.over = true;
            self.report = Some(Report::Ended { line: self.line, ending });
        }
    }

    /// A new line takes the place of an older one, which its sender has given up: one line's frames are all that a
    /// connection can make us hold.
    fn arriving(&mut self, mut stream: Stream) {
        stream.ignore_for_keep_alive();
        let (sender, batches) = mpsc::channel(0);
        let busy = Arc::new(AtomicBool::new(false));
        let work = incoming::serve(stream, sender, Arc::clone(&busy)).boxed();
        self.incoming = Some(Incoming { batches, work, busy });
    }

    fn poll_out(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        let Out::Open(line) = &mut self.out else {
            if matches!(self.out, Out::None) && !self.unwritten.is_empty() {
                self.out = Out::Opening;
                let protocol = SubstreamProtocol::new(ReadyUpgrade::new(PROTOCOL), ()).with_timeout(limits::OPEN_TIME);
                return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
            }
            return Poll::Pending;
        };
        if line.done.is_none()
            && let Poll::Ready(result) = line.work.poll_unpin(context)
        {
            line.done = Some(result.err().map_or_else(|| "the stream ended".into(), |error| error.to_string()));
        }
        match (line.answers.poll_next_unpin(context), &line.done) {
            (Poll::Ready(Some(answer)), _) => match self.under_way.checked_sub(1) {
                Some(left) => {
                    self.under_way = left;
                    return tell(Report::Answered { line: self.line, answer });
                }
                None => self.ended(Ending::Refused("an answer to nothing".into())),
            },
            (_, Some(why)) => {
                let why = why.clone();
                self.ended(Ending::Refused(why));
            }
            (_, None) => return Poll::Pending,
        }
        match self.report.take() {
            Some(report) => tell(report),
            None => self.poll_out(context),
        }
    }

    fn poll_in(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        let Some(incoming) = &mut self.incoming else { return Poll::Pending };
        let worked = incoming.work.poll_unpin(context);
        if let Poll::Ready(Some(batch)) = incoming.batches.poll_next_unpin(context) {
            return tell(Report::Arrived(batch));
        }
        if let Poll::Ready(result) = worked {
            if let Err(error) = result {
                tracing::debug!(%error, "a line of frames was ended");
            }
            self.incoming = None;
        }
        Poll::Pending
    }
}

fn tell(report: Report) -> Poll<Event> {
    Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(report))
}

impl ConnectionHandler for Carrier {
    type FromBehaviour = Order;
    type ToBehaviour = Report;
    type InboundProtocol = Upgrade;
    type OutboundProtocol = Upgrade;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<Upgrade> {
        SubstreamProtocol::new(ReadyUpgrade::new(PROTOCOL), ())
    }

    fn connection_keep_alive(&self) -> bool {
        self.under_way > 0 || self.incoming.as_ref().is_some_and(|incoming| incoming.busy.load(Relaxed))
    }

    fn on_behaviour_event(&mut self, Order { line, frame }: Order) {
        if line > self.line {
            (self.line, self.over, self.under_way) = (line, false, 0);
            self.unwritten.clear();
            if matches!(self.out, Out::Open(_)) {
                self.out = Out::None;
            }
        }
        if line < self.line || self.over {
            return;
        }
        self.under_way += 1;
        match &self.out {
            Out::Open(out) if out.done.is_none() => {
                // the other end is in `work`
                let _ = out.frames.unbounded_send(frame);
            }
            _ => self.unwritten.push(frame),
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        if let Some(report) = self.report.take() {
            return tell(report);
        }
        match self.poll_out(context) {
            Poll::Pending => self.poll_in(context),
            ready => ready,
        }
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<'_, Upgrade, Upgrade>) {
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound { protocol, .. }) => self.arriving(protocol),
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound { protocol, .. }) => self.opened(protocol),
            ConnectionEvent::DialUpgradeError(DialUpgradeError { error, .. }) => self.ended(match error {
                StreamUpgradeError::NegotiationFailed => Ending::Unsupported,
                StreamUpgradeError::Timeout => Ending::Refused("no stream in time".into()),
                StreamUpgradeError::Io(error) => Ending::Refused(error.to_string()),
                StreamUpgradeError::Apply(never) => match never {},
            }),
            _ => {}
        }
    }
}

impl fmt::Debug for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carrier").field("under_way", &self.under_way).finish_non_exhaustive()
    }
}
