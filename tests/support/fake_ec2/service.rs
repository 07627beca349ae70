//! What is the same for every call: whose it is, whether it goes wrong, and the record of it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::behavior::{self, Behavior, Framing};
use super::chance::Chance;
use super::ec2::Ec2;
use super::eks::Eks;
use super::fault::Fault;
use super::http::Request;
use super::reply::Reply;
use super::{Call, Options, World, sts};

/// Who the caller is, as far as refusals say.
const CALLER: &str = "arn:aws:iam::123456789012:user/test";

/// Both services, with the record of their calls.
pub(super) struct Service {
    /// The account of the world's interfaces, if it is one.
    account: Option<String>,
    ec2: Ec2,
    eks: Eks,
    options: Options,
    chance: Chance,
    calls: Mutex<Vec<Call>>,
    /// How often each action was asked for, and under `*` all of them.
    asked: Mutex<HashMap<String, usize>>,
    /// Who answers instead when this is part of a signature's scope: a region or an access key.
    elsewhere: Vec<(String, Service)>,
}

/// An answer, and how to send it.
pub(super) struct Answer {
    /// The answer itself.
    pub(super) reply: Reply,
    /// How.
    pub(super) delivery: Delivery,
}

/// How an answer goes out.
#[derive(Clone, Copy)]
pub(super) enum Delivery {
    Whole,
    /// So many bytes of its body.
    Part(usize, Framing),
    Drops,
    Closed,
    Reset,
    Never,
}

impl Service {
    /// Services that answer from `world`.
    pub(super) fn new(mut world: World, options: Options) -> Self {
        let chance = Chance::new(options.seed);
        let calls = Mutex::new(Vec::new());
        let account = world.account();
        let eks = Eks::new(world.clusters.take());
        let ec2 = Ec2::new(world);
        let asked = Mutex::new(HashMap::new());
        Self { account, ec2, eks, options, chance, calls, asked, elsewhere: Vec::new() }
    }

    /// Another world for a region or an access key.
    pub(super) fn also(&mut self, scope: &str, world: World, options: Options) {
        self.elsewhere.push((scope.to_owned(), Self::new(world, options)));
    }

    /// The calls so far.
    pub(super) fn calls(&self) -> Vec<Call> {
        let own = self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        own.into_iter().chain(self.elsewhere.iter().flat_map(|(_, other)| other.calls())).collect()
    }

    /// Answers a request and keeps a record of it.
    pub(super) fn answer(&self, request: &Request) -> Answer {
        std::thread::sleep(self.options.latency);
        let is_asked = |scope: &str| request.scope.split('/').any(|part| part == scope);
        if let Some((_, other)) = self.elsewhere.iter().find(|(scope, _)| is_asked(scope)) {
            return other.answer(request);
        }
        let mut call = if request.method == "POST" {
            Ec2::call(&request.body)
        } else {
            Eks::call(&request.method, &request.target)
        };
        let answer = self.answer_with_faults(&call);
        call.status = answer.reply.status;
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.push(call);
        if self.options.fail_after.is_some_and(|good| calls.len() > good) {
            let half = answer.reply.body.len() / 2;
            return Answer { delivery: Delivery::Part(half, Framing::OfTheWhole), ..answer };
        }
        answer
    }

    /// The answer to a call, without any fault that is planned for it.
    fn reply(&self, call: &Call) -> Reply {
        match call.action.as_str() {
            action if is_of_sts(action) => self.sts(call),
            action if is_of_eks(action) => self.eks(call),
            _ => self.ec2(call),
        }
    }

    /// The answer to a call, with the fault that is planned for it.
    fn answer_with_faults(&self, call: &Call) -> Answer {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let mut count = |action: &str| {
            let count = asked.entry(action.to_owned()).or_default();
            *count += 1;
            *count
        };
        let (nth, nth_of_all) = (count(&call.action), count("*"));
        drop(asked);
        let mut faults = self.options.faults.iter();
        let fault = faults.find(|fault| fault.is_for(&call.action, nth, nth_of_all));
        match fault {
            None => Answer { reply: self.reply(call), delivery: Delivery::Whole },
            Some(fault) => self.respond(&fault.behavior, call, nth),
        }
    }

    fn respond(&self, behavior: &Behavior, call: &Call, nth: usize) -> Answer {
        let reply = if matches!(behavior, Behavior::Endless(_)) {
            self.reply(&behavior::for_the_first_page(call))
        } else {
            self.reply(call)
        };
        let whole = |reply| Answer { reply, delivery: Delivery::Whole };
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        let with_body = |body: Vec<u8>| Reply { body, ..self.reply(call) };
        let delivered = |delivery| Answer { reply: self.reply(call), delivery };
        match behavior {
            Behavior::Throttled => whole(refused(call, throttling(call))),
            Behavior::Refused => whole(refused(call, refusal(call))),
            Behavior::Expired => whole(refused(call, expiry(call))),
            Behavior::Error(status, code) => {
                whole(refused(call, Fault::new(*status, code, "An error has occurred.")))
            }
            Behavior::Page(status, page) => whole(Reply {
                status: *status,
                content_type: "text/html",
                error_type: None,
                body: page.as_bytes().to_vec(),
            }),
            Behavior::Closed => delivered(Delivery::Closed),
            Behavior::Reset => delivered(Delivery::Reset),
            Behavior::Silent => delivered(Delivery::Never),
            Behavior::Drip => delivered(Delivery::Drops),
            Behavior::Cut(hundredths, framing) => {
                delivered(Delivery::Part(reply.body.len() * hundredths / 100, *framing))
            }
            Behavior::Lost(from, count) => whole(with_body(behavior::lost(&text, *from, *count))),
            Behavior::Edit(edit) => whole(with_body(edit(&text).into_bytes())),
            Behavior::Garbled => {
                let half = reply.body.len() / 2;
                let (start, end) = reply.body.split_at(half);
                whole(with_body([start, b"\xff\xfe", end].concat()))
            }
            Behavior::Damaged(seed) => whole(with_body(behavior::damaged(&text, *seed))),
            Behavior::Endless(tokens) => whole(with_body(tokens.page(&text, nth).into_bytes())),
            Behavior::FirstPageAgain => {
                let first = self.reply(&behavior::for_the_first_page(call));
                let first = String::from_utf8_lossy(&first.body).into_owned();
                let body = behavior::with_token(&first, behavior::token(&text).as_deref());
                whole(with_body(body.into_bytes()))
            }
        }
    }

    fn ec2(&self, call: &Call) -> Reply {
        let mut reply = Ec2::reply(
            self.obstacle(call).and_then(|()| self.ec2.answer(call, self.options.page_size)),
        );
        if self.options.broken_xml {
            reply.body.truncate(reply.body.len() / 2);
        }
        reply
    }

    fn sts(&self, call: &Call) -> Reply {
        sts::reply(self.obstacle(call).map(|()| sts::answer(call, CALLER, self.account.as_deref())))
    }

    fn eks(&self, call: &Call) -> Reply {
        Eks::reply(self.obstacle(call).and_then(|()| self.eks.answer(call, self.options.page_size)))
    }

    /// The fault that keeps a call from being looked at, if there is one.
    fn obstacle(&self, call: &Call) -> Result<(), Fault> {
        if self.chance.one_in(self.options.throttle) {
            Err(throttling(call))
        } else if self.options.refuse.contains(&call.action) {
            Err(refusal(call))
        } else {
            Ok(())
        }
    }
}

fn is_of_eks(action: &str) -> bool {
    ["Cluster", "Nodegroup", "Fargate"].iter().any(|thing| action.contains(thing))
        || action.contains('/')
}

fn is_of_sts(action: &str) -> bool {
    matches!(action, "AssumeRole" | "GetCallerIdentity")
}

fn throttling(call: &Call) -> Fault {
    if is_of_eks(&call.action) {
        Fault::new(429, "ThrottlingException", "Rate exceeded")
    } else if is_of_sts(&call.action) {
        Fault::new(400, "Throttling", "Rate exceeded")
    } else {
        Fault::new(503, "RequestLimitExceeded", "Request limit exceeded.")
    }
}

fn refusal(call: &Call) -> Fault {
    let action = &call.action;
    if is_of_eks(action) {
        let message = format!("User: {CALLER} is not authorized to perform: eks:{action}");
        Fault::new(403, "AccessDeniedException", message)
    } else if is_of_sts(action) {
        let message = format!("User: {CALLER} is not authorized to perform: sts:{action}");
        Fault::new(403, "AccessDenied", message)
    } else {
        let message = format!(
            "You are not authorized to perform this operation. User: {CALLER} is not authorized \
             to perform: ec2:{action} because no identity-based policy allows the ec2:{action} \
             action"
        );
        Fault::new(403, "UnauthorizedOperation", message)
    }
}

fn expiry(call: &Call) -> Fault {
    if is_of_eks(&call.action) {
        Fault::new(403, "ExpiredTokenException", "The security token included is expired")
    } else if is_of_sts(&call.action) {
        Fault::new(403, "ExpiredToken", "The security token included in the request is expired")
    } else {
        Fault::new(400, "RequestExpired", "Request has expired.")
    }
}

/// A fault in the form of the service that a call is to.
fn refused(call: &Call, fault: Fault) -> Reply {
    match call.action.as_str() {
        action if is_of_sts(action) => sts::reply(Err(fault)),
        action if is_of_eks(action) => Eks::reply(Err(fault)),
        _ => Ec2::reply(Err(fault)),
    }
}
