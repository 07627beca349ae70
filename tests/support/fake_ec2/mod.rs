//! A stand-in for EC2 and EKS: an HTTP server on the loopback interface that answers in the
//! services' own wire protocols from saved answers.
//!
//! The command under test runs unchanged, with its real SDK and its real paging, retries and
//! error handling; only the endpoint differs. What the server saw is kept, so that a test can
//! also say how it was asked.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a broken set-up has to stop the test that made it"
)]

mod behavior;
mod call;
mod chance;
mod ec2;
mod eks;
mod fault;
mod http;
mod options;
mod page;
mod reply;
mod server;
mod service;
mod sts;
mod world;

use std::path::Path;
use std::sync::Arc;

pub(crate) use self::behavior::{Behavior, Framing, Planned, Tokens, When};
pub(crate) use self::call::Call;
pub(crate) use self::options::Options;
pub(crate) use self::world::World;

use self::server::Server;
use self::service::Service;

/// A running stand-in; dropping it closes its connections and ends its threads.
pub(crate) struct FakeEc2 {
    service: Arc<Service>,
    server: Server,
}

impl FakeEc2 {
    /// Serves the saved answers in `folder`.
    pub(crate) fn start(folder: &Path, options: Options) -> Self {
        Self::from_world(World::load(folder), options)
    }

    /// Serves answers held in memory, for a test that alters saved ones or makes its own.
    pub(crate) fn from_world(world: World, options: Options) -> Self {
        Self::from_worlds(world, options, [])
    }

    /// Serves several worlds: the first, and others to calls signed for a region or with an access key.
    pub(crate) fn from_worlds<const N: usize>(
        world: World,
        options: Options,
        others: [(&str, World, Options); N],
    ) -> Self {
        let mut service = Service::new(world, options);
        for (scope, world, options) in others {
            service.also(scope, world, options);
        }
        let service = Arc::new(service);
        let server = Server::start(&service);
        Self { service, server }
    }

    /// The address to give to the SDK as its endpoint, for EC2 and EKS alike.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Every call answered so far, in the order of the answers.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.service.calls()
    }
}
