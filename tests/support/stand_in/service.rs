//! What is the same for every call: whose it is, whether it goes wrong, and the record of it.

use std::sync::{Mutex, PoisonError};

use super::chance::Chance;
use super::ec2::Ec2;
use super::eks::Eks;
use super::fault::Fault;
use super::http::Request;
use super::reply::Reply;
use super::{Call, Options, World};

/// Who the caller is, as far as refusals say.
const CALLER: &str = "arn:aws:iam::123456789012:user/test";

/// Both services, with the record of their calls.
pub(super) struct Service {
    ec2: Ec2,
    eks: Eks,
    options: Options,
    chance: Chance,
    calls: Mutex<Vec<Call>>,
}

/// An answer, and how to send it.
pub(super) struct Answer {
    /// The answer itself.
    pub(super) reply: Reply,
    /// Whether the connection breaks in the middle of it.
    pub(super) broken_off: bool,
}

impl Service {
    /// Services that answer from `world`.
    pub(super) fn new(mut world: World, options: Options) -> Self {
        let chance = Chance::new(options.seed);
        let calls = Mutex::new(Vec::new());
        let eks = Eks::new(world.clusters.take());
        let ec2 = Ec2::new(world);
        Self { ec2, eks, options, chance, calls }
    }

    /// The calls so far.
    pub(super) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers a request and keeps a record of it.
    pub(super) fn answer(&self, request: &Request) -> Answer {
        let (mut call, reply) = if request.method == "POST" {
            let call = Ec2::call(&request.body);
            let reply = self.ec2(&call);
            (call, reply)
        } else {
            let call = Eks::call(&request.method, &request.target);
            let reply = self.eks(&call);
            (call, reply)
        };
        call.status = reply.status;
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push(call);
        let broken_off = self.options.fail_after.is_some_and(|good| calls.len() > good);
        Answer { reply, broken_off }
    }

    fn ec2(&self, call: &Call) -> Reply {
        let throttling = Fault::new(503, "RequestLimitExceeded", "Request limit exceeded.");
        let refusal = Fault::new(
            403,
            "UnauthorizedOperation",
            format!(
                "You are not authorized to perform this operation. User: {CALLER} is not \
                 authorized to perform: ec2:{0} because no identity-based policy allows the \
                 ec2:{0} action",
                call.action
            ),
        );
        let mut reply = Ec2::reply(
            self.obstacle(call, throttling, refusal)
                .and_then(|()| self.ec2.answer(call, self.options.page_size)),
        );
        if self.options.broken_xml {
            let half = reply.body.floor_char_boundary(reply.body.len() / 2);
            reply.body.truncate(half);
        }
        reply
    }

    fn eks(&self, call: &Call) -> Reply {
        let throttling = Fault::new(429, "ThrottlingException", "Rate exceeded");
        let refusal = Fault::new(
            403,
            "AccessDeniedException",
            format!("User: {CALLER} is not authorized to perform: eks:{}", call.action),
        );
        Eks::reply(
            self.obstacle(call, throttling, refusal)
                .and_then(|()| self.eks.answer(call, self.options.page_size)),
        )
    }

    /// The fault that keeps a call from being looked at, if there is one.
    fn obstacle(&self, call: &Call, throttling: Fault, refusal: Fault) -> Result<(), Fault> {
        if self.chance.one_in(self.options.throttle) {
            Err(throttling)
        } else if self.options.refuse.contains(&call.action) {
            Err(refusal)
        } else {
            Ok(())
        }
    }
}
