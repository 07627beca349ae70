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
    /// The account of the world's interfaces, if it is one.
    account: Option<String>,
    ec2: Ec2,
    eks: Eks,
    options: Options,
    chance: Chance,
    calls: Mutex<Vec<Call>>,
    /// Who answers instead when this is part of a signature's scope: a region or an access key.
    elsewhere: Vec<(String, Service)>,
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
        let account = world.account();
        let eks = Eks::new(world.clusters.take());
        let ec2 = Ec2::new(world);
        Self { account, ec2, eks, options, chance, calls, elsewhere: Vec::new() }
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
        let is_asked = |scope: &str| request.scope.split('/').any(|part| part == scope);
        if let Some((_, other)) = self.elsewhere.iter().find(|(scope, _)| is_asked(scope)) {
            return other.answer(request);
        }
        let (mut call, reply) = if request.method == "POST" {
            let call = Ec2::call(&request.body);
            let reply = match call.action.as_str() {
                "AssumeRole" => self.sts(&call),
                "GetCallerIdentity" => self.identity(&call),
                _ => self.ec2(&call),
            };
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

    /// STS speaks as EC2 does; the access key of a role's session is `KEY` and the role's account.
    fn sts(&self, call: &Call) -> Reply {
        let refusal = Fault::new(403, "AccessDenied", format!("{CALLER} may not assume the role"));
        let throttling = Fault::new(400, "Throttling", "Rate exceeded");
        let account = call.parameter("RoleArn").and_then(|arn| arn.split(':').nth(4));
        let session = |()| {
            let account = account.unwrap_or_default();
            format!(
                "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
                 <AssumeRoleResult><Credentials><AccessKeyId>KEY{account}</AccessKeyId>\
                 <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>\
                 <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>\
                 </AssumeRoleResponse>"
            )
        };
        Ec2::reply(self.obstacle(call, throttling, refusal).map(session))
    }

    /// Who looks: the one account whose interfaces the world has.
    fn identity(&self, call: &Call) -> Reply {
        let refusal = Fault::new(403, "AccessDenied", "not allowed");
        let throttling = Fault::new(400, "Throttling", "Rate exceeded");
        let identity = |()| {
            format!(
                "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
                 <GetCallerIdentityResult><Arn>{CALLER}</Arn><UserId>test</UserId>\
                 <Account>{}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
                self.account.as_deref().unwrap_or("123456789012")
            )
        };
        Ec2::reply(self.obstacle(call, throttling, refusal).map(identity))
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
