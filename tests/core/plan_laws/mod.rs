//! Laws that hold for every plan, on random small requirements.

mod brute;
mod order;
mod places;
mod play;
mod requirements;
mod ways_out;

use eksnet::{
    instance::BUILTIN,
    plan::{Plan, Requirement, plan},
};
use proptest::{prelude::*, test_runner::RngSeed};
use requirements::requirements;

pub(crate) use order::{built, built_as_planned_it_holds, is_the_same_again, renumbers_nothing};
pub(crate) use ways_out::leads_out;

/// What holds for every plan by itself.
pub(crate) fn holds_by_itself(requirement: &Requirement, plan: &Plan) {
    play::holds(plan);
    places::are_legal(plan);
    play::is_not_wasteful(plan);
    assert_eq!(plan.recommended.is_none(), plan.impossible.is_some());
    if let Some(impossible) = &plan.impossible {
        leads_out(requirement, impossible);
    }
}

/// A plan simulates hundreds of layouts: few are looked at, always the same. PROPTEST_CASES=500 looks at
/// more, and PROPTEST_RNG_SEED at others.
fn few(cases: u32) -> ProptestConfig {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    ProptestConfig {
        cases: number("PROPTEST_CASES").and_then(|n| u32::try_from(n).ok()).unwrap_or(cases),
        rng_seed: RngSeed::Fixed(number("PROPTEST_RNG_SEED").unwrap_or(1)),
        failure_persistence: None,
        max_shrink_iters: 60,
        max_global_rejects: u32::MAX,
        ..ProptestConfig::default()
    }
}

fn planned(picked: &requirements::Picked) -> (Requirement, Plan) {
    let requirement = picked.requirement();
    let made = plan(&requirement, &BUILTIN);
    (requirement, made.unwrap_or_else(|error| panic!("{error}\n{}", picked.text())))
}

proptest! {
    #![proptest_config(few(6))]

    #[test]
    fn what_is_planned_holds(picked in requirements()) {
        play::holds(&planned(&picked).1);
    }

    #[test]
    fn new_subnets_are_where_they_may_be(picked in requirements()) {
        places::are_legal(&planned(&picked).1);
    }

    #[test]
    fn no_new_subnet_can_be_smaller(picked in requirements()) {
        play::is_not_wasteful(&planned(&picked).1);
    }

    #[test]
    fn the_same_is_answered_on_any_number_of_threads(picked in requirements()) {
        is_the_same_again(&picked.requirement());
    }

    #[test]
    fn more_space_and_fewer_pods_make_nothing_impossible(picked in requirements()) {
        let (requirement, plan) = planned(&picked);
        if plan.recommended.is_some() {
            order::more_space_and_fewer_pods_do_no_harm(&requirement);
        }
    }

    #[test]
    fn what_is_built_holds_and_stays_where_it_is(picked in requirements()) {
        let (requirement, plan) = planned(&picked);
        if let Some(built) = built(&requirement, &plan) {
            built_as_planned_it_holds(&built);
            for plan in renumbers_nothing(&built) {
                places::are_legal(&plan);
            }
        }
    }

    #[test]
    fn what_is_impossible_has_a_way_out(mut picked in requirements(), limits in 0usize..5) {
        // Little is allowed, so that little is possible.
        picked.allowed = 1 + limits % 3;
        picked.limits = limits;
        let (requirement, plan) = planned(&picked);
        if let Some(impossible) = &plan.impossible {
            leads_out(&requirement, impossible);
        }
    }
}
